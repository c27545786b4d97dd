/**
 * The vocabulary of profiles: Sentry's sample format v2 as it travels on the wire.
 * Wire data keeps Sentry's snake_case, in memory too.
 * Source: https://develop.sentry.dev/sdk/telemetry/profiles/sample-format-v2/
 */

/** A function at a position. `lineno` and `colno` are 1-based and always belong together, in the frame's own file. */
export interface Frame {
  function?: string;
  filename?: string;
  /** The script's name as V8 knows it: an absolute path, a `file://` URL or `node:…`. */
  abs_path?: string;
  module?: string;
  lineno?: number;
  colno?: number;
  in_app?: boolean;
}

/** Frame indexes, leaf first. Empty: the thread was idle. */
export type Stack = number[];

/** One stack on one thread at one time. It weighs until the next sample of the same thread. */
export interface Sample {
  /** Unix time in seconds. */
  timestamp: number;
  stack_id: number;
  /** A numeric string; `'0'` is the main thread. */
  thread_id: string;
}

/** One series of a chunk. Timestamps are Unix seconds. */
export interface Measurement {
  unit: string;
  values: { timestamp: number; value: number }[];
}

/** Points a script at the build artefact that can symbolicate it. */
export interface DebugImage {
  type: string;
  code_file?: string;
  debug_id?: string;
}

/** What only we write into a chunk. Sentry drops the key, our collector keeps it. */
export interface ChunkExtension {
  /** Version of this extension. */
  version: 1;
  sampling_interval_us: number;
  /** Why this chunk ended. */
  end: string;
  /** Samples V8 delivered, idle ones included. */
  samples: number;
  /** What profiling cost the main thread when the previous chunk was cut, in milliseconds. */
  stall_ms: number;
}

/** One slice of a profiler session: `profile_chunk`, sample format v2. */
export interface ProfileChunk {
  version: '2';
  /** 32 lower-case hexadecimal digits, unique per chunk. */
  chunk_id: string;
  /** 32 lower-case hexadecimal digits, shared by the chunks of one profiler session. */
  profiler_id: string;
  platform: string;
  client_sdk?: { name: string; version: string };
  release?: string;
  environment?: string;
  debug_meta?: { images: DebugImage[] };
  measurements?: Record<string, Measurement>;
  profile: {
    samples: Sample[];
    stacks: Stack[];
    frames: Frame[];
    thread_metadata: Record<string, { name?: string; priority?: number }>;
  };
  next_profiling?: ChunkExtension;
}
