/**
 * Sentry's sample format v1: what ran in one transaction.
 * Source: https://develop.sentry.dev/sdk/telemetry/profiles/sample-format-v1/
 */
import type { DebugImage, Frame, ProfileChunk, Stack } from './types.ts';

/** Relay refuses what is longer. */
export const MOST_SECONDS = 30;

export interface TransactionSample {
  elapsed_since_start_ns: number;
  stack_id: number;
  thread_id: string;
}

interface TransactionMeasurement {
  unit: string;
  values: { elapsed_since_start_ns: number; value: number }[];
}

/** The part of a transaction's profile that says what ran. */
export interface TransactionCut {
  debug_meta: { images: DebugImage[] };
  measurements: Record<string, TransactionMeasurement>;
  profile: {
    samples: TransactionSample[];
    stacks: Stack[];
    frames: Frame[];
    thread_metadata: ProfileChunk['profile']['thread_metadata'];
  };
}

/** What of a session's chunks is a transaction's. Unix seconds. */
export interface TransactionWindow {
  start: number;
  end: number;
  thread_id: string;
}

/** Cuts a transaction out of the chunks that it ran in, in order of time. `null` if nothing of it was seen at work. */
export function cutTransaction(chunks: readonly ProfileChunk[], window: TransactionWindow): TransactionCut | null {
  const end = Math.min(window.end, window.start + MOST_SECONDS);
  const ticks = ticksWithin(chunks, { ...window, end });
  if (ticks.length === 0) return null;
  const nanosOf = (seconds: number): number => Math.round((seconds - window.start) * 1e9);
  const table = new StackTable();
  const samples = ticks.map(({ seconds, frames }) => ({
    elapsed_since_start_ns: nanosOf(seconds),
    stack_id: table.indexOf(frames),
    thread_id: window.thread_id,
  }));
  const isWithin = ({ timestamp }: { timestamp: number }): boolean => timestamp >= window.start && timestamp <= end;
  const measurements: TransactionCut['measurements'] = {};
  for (const [name, { unit, values }] of chunks.flatMap((chunk) => Object.entries(chunk.measurements ?? {}))) {
    measurements[name] ??= { unit, values: [] };
    for (const point of values.filter(isWithin)) {
      measurements[name].values.push({ elapsed_since_start_ns: nanosOf(point.timestamp), value: point.value });
    }
  }
  const images = chunks.flatMap((chunk) => chunk.debug_meta?.images ?? []);
  const threads = Object.assign({}, ...chunks.map(({ profile }) => profile.thread_metadata));
  return {
    debug_meta: { images: [...new Map(images.map((image) => [image.debug_id, image])).values()] },
    measurements,
    profile: {
      samples,
      stacks: table.stacks,
      frames: table.frames,
      thread_metadata: { [window.thread_id]: threads[window.thread_id] ?? {} },
    },
  };
}

/** One stack from a moment on; no frames: idle. */
interface Tick {
  seconds: number;
  frames: Frame[];
}

/**
 * The ticks of the window's thread, clipped to it. They begin and end at work, since Relay takes away what is idle there; the
 * last stack comes twice, since a sample weighs until the next.
 */
function ticksWithin(chunks: readonly ProfileChunk[], { start, end, thread_id }: TransactionWindow): Tick[] {
  const all = chunks.flatMap(({ profile }) =>
    profile.samples
      .filter((sample) => sample.thread_id === thread_id)
      .map(({ timestamp, stack_id }) => ({
        seconds: timestamp,
        frames: (profile.stacks[stack_id] ?? []).flatMap((frame) => profile.frames[frame] ?? []),
      })),
  );
  all.sort((a, b) => a.seconds - b.seconds);
  const kept: Tick[] = [];
  let last: Tick | undefined;
  for (const [index, { seconds, frames }] of all.entries()) {
    const until = Math.min(end, all[index + 1]?.seconds ?? end);
    const since = Math.max(start, seconds);
    if (until <= since || (frames.length === 0 && kept.length === 0)) continue;
    kept.push({ seconds: since, frames });
    if (frames.length > 0) last = { seconds: until, frames };
  }
  while (kept.at(-1)?.frames.length === 0) kept.pop();
  return last === undefined ? [] : [...kept, last];
}

/** Frames and stacks of several chunks, each once. */
class StackTable {
  readonly frames: Frame[] = [];
  readonly stacks: Stack[] = [];
  readonly #frameIndexes = new Map<string, number>();
  readonly #stackIndexes = new Map<string, number>();

  indexOf(frames: readonly Frame[]): number {
    const stack = frames.map((frame) => this.#frameIndexOf(frame));
    const key = stack.join();
    const known = this.#stackIndexes.get(key);
    if (known !== undefined) return known;
    this.#stackIndexes.set(key, this.stacks.length);
    return this.stacks.push(stack) - 1;
  }

  #frameIndexOf(frame: Frame): number {
    const key = `${frame.abs_path}\n${frame.function}\n${frame.lineno}:${frame.colno}`;
    const known = this.#frameIndexes.get(key);
    if (known !== undefined) return known;
    this.#frameIndexes.set(key, this.frames.length);
    return this.frames.push(frame) - 1;
  }
}
