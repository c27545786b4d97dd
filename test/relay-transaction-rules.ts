/**
 * What Sentry's Relay demands of a v1 profile, and of the envelope that brings it, written from its rules.
 * Every rule that is broken, in words; empty where Relay would take all of it.
 */
import type { ReceivedItem } from './sink.ts';

const ID = /^[0-9a-f]{32}$/;
const MOST_NANOS = 30e9;

// biome-ignore lint/suspicious/noExplicitAny: this is what arrived, and its shape is what is checked.
type Arrived = any;

export function brokenTransactionRules(profile: Arrived, items: readonly ReceivedItem[]): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, words: string): void => {
    if (!holds) broken.push(words);
  };
  rule(profile.version === '1', `version is ${JSON.stringify(profile.version)}`);
  rule(ID.test(profile.event_id), `event_id is ${profile.event_id}`);
  rule(profile.platform === 'node', `platform is ${profile.platform}`);
  rule(!Number.isNaN(Date.parse(profile.timestamp)), `timestamp is ${profile.timestamp}`);
  rule(typeof profile.device?.architecture === 'string', 'device.architecture is missing');
  rule(typeof profile.os?.name === 'string' && typeof profile.os?.version === 'string', 'os is incomplete');
  const { id, name, trace_id, active_thread_id } = profile.transaction ?? {};
  rule(ID.test(id) && ID.test(trace_id) && typeof name === 'string', 'transaction is incomplete');
  rule(/^\d+$/.test(active_thread_id), `active_thread_id is ${active_thread_id}`);
  const own = items
    .filter(({ header }) => header.type === 'transaction')
    .map(({ payload }) => JSON.parse(payload))
    .find(({ event_id }) => event_id === id);
  rule(own?.contexts?.profile?.profile_id === profile.event_id, 'its transaction does not name it');
  rule(own?.contexts?.trace?.trace_id === trace_id, 'its transaction is of another trace');

  const { samples = [], stacks = [], frames = [] } = profile.profile ?? {};
  const busy = new Map<string, number>();
  for (const { elapsed_since_start_ns, stack_id, thread_id } of samples) {
    rule(Number.isSafeInteger(elapsed_since_start_ns), `a sample is at ${elapsed_since_start_ns}`);
    rule(
      elapsed_since_start_ns >= 0 && elapsed_since_start_ns <= MOST_NANOS,
      `a sample is at ${elapsed_since_start_ns}`,
    );
    rule(/^\d+$/.test(String(thread_id)), `a sample has thread ${thread_id}`);
    rule(stack_id in stacks, `a sample has stack ${stack_id}`);
    if (stacks[stack_id]?.length > 0) busy.set(String(thread_id), (busy.get(String(thread_id)) ?? 0) + 1);
  }
  rule((busy.get(String(active_thread_id)) ?? 0) >= 2, 'the active thread has fewer than two busy samples');
  for (const [thread, count] of busy) rule(count >= 2, `thread ${thread} has a single busy sample`);
  for (const stack of stacks) for (const frame of stack) rule(frame in frames, `a stack has frame ${frame}`);
  return [...new Set(broken)];
}
