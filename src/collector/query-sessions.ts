import { isIdle } from '../profile/frame-kind.ts';
import { sampleCpu } from '../profile/sample-weights.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { Selection } from '../store/selection.ts';
import type { FiltersAnswer, SessionRow, SessionsAnswer } from './api-profile-types.ts';
import { milliseconds } from './figures.ts';
import { type Filter, selectionOf } from './filter.ts';

/** The profiler sessions of a range; the threads too if the question is about one session. Rejects with `NP_STORE`. */
export async function querySessions(store: ProfileStore, filter: Filter = {}, limit = 100): Promise<SessionsAnswer> {
  const selection = await selectionOf(store, filter);
  const all = await store.sessions(selection);
  const threads = filter.session === undefined ? null : await threadsOf(store, selection);
  return {
    sessions: all.slice(0, limit).map(({ profilerId, startMicros, endMicros, platform, ...session }) => ({
      ...session,
      session: profilerId,
      platform: platform ?? 'unknown',
      startMs: startMicros / 1e3,
      endMs: endMicros / 1e3,
      threads,
    })),
    more: Math.max(0, all.length - limit),
  };
}

async function threadsOf(store: ProfileStore, selection: Selection): Promise<SessionRow['threads']> {
  const threads = new Map<string, { name: string; samples: number; micros: number }>();
  const range = { from: selection.fromMicros / 1e6, to: selection.toMicros / 1e6 };
  for await (const { chunk } of store.chunks(selection)) {
    const { samples, stacks, frames, thread_metadata } = chunk.profile;
    const idle = stacks.map((stack) => isIdle(stack, frames));
    const cpu = sampleCpu(chunk, range);
    for (const [index, { stack_id, thread_id }] of samples.entries()) {
      if (idle[stack_id]) continue;
      const thread = threads.get(thread_id) ?? {
        name: thread_metadata[thread_id]?.name || thread_id,
        samples: 0,
        micros: 0,
      };
      threads.set(thread_id, thread);
      thread.samples += 1;
      thread.micros += cpu[index] ?? 0;
    }
  }
  return [...threads]
    .map(([thread, { name, samples, micros }]) => ({ thread, name, samples, cpuMs: milliseconds(micros) }))
    .sort((a, b) => b.cpuMs - a.cpuMs);
}

/** What a page can offer to choose from. Rejects with `NP_STORE`. */
export async function queryFilters(store: ProfileStore, sentryUrl: string | null): Promise<FiltersAnswer> {
  const [{ releases, environments, routes }, { startMicros, endMicros }] = [await store.names(), await store.extent()];
  return {
    releases: releases.map((name) => name ?? ''),
    environments: environments.map((name) => name ?? ''),
    routes,
    fromMs: startMicros === null ? null : startMicros / 1e3,
    toMs: endMicros === null ? null : endMicros / 1e3,
    sentryUrl,
  };
}
