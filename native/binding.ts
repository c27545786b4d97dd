import { existsSync, readdirSync } from 'node:fs';
import { messageOf, noBinary } from '../src/errors.ts';
import { type BinaryEnvironment, binaryCandidates } from './binary.ts';
import { checkBinary, executableProblem } from './binary-check.ts';
import { hasBinary, hostTarget } from './target.ts';

/** What a chunk needs from JavaScript when it is cut. Strings are spliced into the JSON as they are. */
export interface ChunkMeta {
  /** The chunk's own members as JSON without braces. */
  readonly head: string;
  /** The members of `next_profiling` as JSON without braces. */
  readonly extension: string;
  /** More members of `next_profiling`, as JSON without braces, for a chunk whose samples have spans; or empty. */
  readonly spanExtension: string;
  /** Flat: id, name, id, name, … The sampled thread first, then its lanes. */
  readonly threads: readonly string[];
  /**
   * What was made of the records of `recordContext()`, in order of time, five numbers each: the sample was taken since
   * and until (sample clock), the CPU time that it stands for (negative: it does not count), the index of its span or
   * -1, the index of its thread. Microseconds.
   */
  readonly records: Float64Array;
  /** The application's folder; file and module names are relative to it. */
  readonly root: string;
  /** Time between samples; V8 may have been started with a shorter one. */
  readonly intervalMicros: number;
  /** Two lines for each script that may occur: its name and its debug id. One text, since there may be thousands. */
  readonly debugIds: string;
}

/** A serialised chunk. */
export interface SerializedChunk {
  /** One line of JSON in UTF-8; `null` when no sample showed the thread at work. */
  readonly json: Uint8Array | null;
  /** Samples that V8 delivered, idle ones included. */
  readonly samples: number;
  /** Samples that showed the thread at work. */
  readonly busySamples: number;
  /** Those of them that no span is known for. */
  readonly samplesWithoutSpan: number;
  /** CPU time that it took to serialise it. */
  readonly cpuMicros: number;
}

export interface Cut {
  /** Why the next chunk did not start; empty if it did or was not asked for. */
  readonly startError: string;
  /** Settles when the thread pool has serialised the chunk that was cut. */
  readonly chunk: Promise<SerializedChunk>;
}

/** The part of the addon that samples. Its methods throw plain errors. */
export interface SamplingBinding {
  start(intervalMicros: number): void;
  /** Stops sampling until `start()`; what was sampled since the last cut stays part of the chunk. */
  pause(): void;
  /** Ends the running chunk and starts the next at `nextIntervalMicros`, unless that is 0. */
  cut(meta: ChunkMeta, nextIntervalMicros: number): Cut;
  /**
   * For a process that is ending, where nothing asynchronous is left: stops, and returns every chunk that was not handed
   * over, in order of time. What the thread pool has begun and does not end within `timeoutMs` is missing. With `meta`
   * the running chunk is the last one; only if something was sampled.
   */
  finish(meta: ChunkMeta | null, timeoutMs: number): SerializedChunk[];
  /** Replaces V8's profiler while nothing is serialised; false if that must wait. Sampling is stopped after it. */
  recreate(): boolean;
}

/** The part of the addon that records which slot was running at each sample, and how much CPU time was used. */
export interface ContextBinding {
  /** The sample clock and this thread's CPU time, microseconds. */
  clocks(): [sampleMicros: number, cpuMicros: number];
  /** The `AsyncLocalStorage` that will hold the slot. False where this V8 has no async context. */
  useSlots(key: object): boolean;
  /** To be called within several runs of the storage; false if there is no async context frame to look for. */
  probeSlots(): boolean;
  /** Whether the probes found where the current frame is kept. */
  settleSlots(): boolean;
  /** The running slot as the signal handler reads it; 0 if there is none. */
  readSlot(): number;
  /** Undoes `useSlots()`. */
  dropSlots(): void;
  /**
   * Writes one record beside each sample from the next start on, with the running slot if `settleSlots()` was true.
   * The memory: the count of records ever written, then a ring of records of five numbers: sample clock before and
   * after V8 took the sample, this thread's CPU time before and after all of it, the slot. Microseconds. `null` ends it.
   */
  recordContext(memory: Float64Array | null): void;
}

/** The addon's typed face: one profiler of this thread's isolate. */
export interface Binding extends SamplingBinding, ContextBinding {
  /** Creates V8's profiler. Costs 5 to 30 ms once; again is a no-op. */
  create(lazyLogging: boolean): void;
}

export interface LoadedBinding {
  readonly binding: Binding;
  readonly file: string;
  readonly target: string;
}

/**
 * Loads the addon: the only place where a `.node` file is opened.
 *
 * @param folders where a binary of our name may be, best first
 * @throws ProfilingError that names every file tried, why it was not used, and the fix
 */
export function loadBinding(folders: readonly string[], env: BinaryEnvironment): LoadedBinding {
  const target = hostTarget();
  const problem = executableProblem(process.platform, process.execPath);
  if (problem !== undefined) throw noBinary(`${target} on ${runtime()}`, [], problem);
  const tried: string[] = [];
  let fix: string | undefined;
  for (const file of binaryCandidates(target, folders, env)) {
    try {
      // The user vouches for a file named by path; everything else is checked before the loader maps it.
      if (!env.SENTRY_PROFILER_BINARY_PATH) checkBinary(file, process.arch);
      const module = { exports: {} };
      process.dlopen(module, file);
      return { binding: module.exports as Binding, file, target };
    } catch (error) {
      const found = existsSync(file);
      tried.push(found ? `${file} (${messageOf(error).split('\n')[0]})` : `${file} (not found)`);
      if (found) fix ??= fixFor(error);
    }
  }
  throw noBinary(`${target} on ${runtime()}`, tried, fixOf(env) ?? fix ?? fixForNone(target, folders));
}

function runtime(): string {
  return `Node ${process.version}`;
}

/** What to do about a file that the user named. */
function fixOf(env: BinaryEnvironment): string | undefined {
  if (env.SENTRY_PROFILER_BINARY_PATH) return 'correct or unset SENTRY_PROFILER_BINARY_PATH';
  if (env.SENTRY_PROFILER_BINARY_DIR)
    return 'put a whole binary of that name into SENTRY_PROFILER_BINARY_DIR or unset it';
  return undefined;
}

/** What to do about a file that is there and cannot be used. */
function fixFor(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === 'ERR_DLOPEN_DISABLED'
    ? 'start Node without --no-addons, or with --allow-addons beside --permission'
    : 'build and deploy again';
}

function fixForNone(target: string, folders: readonly string[]): string {
  if (!hasBinary(target)) return 'none is published for this platform';
  const others = folders.flatMap(ourBinaries);
  const found = others.length === 0 ? 'no binary of ours is there' : `found ${others.join(', ')}`;
  return `${found}; build for this platform with withProfiling(nextConfig, { target: '${target}' })`;
}

function ourBinaries(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^next-profiling-.*\.node$/.test(name));
  } catch {
    return [];
  }
}
