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

/** A span that was alive while a chunk was recorded, or an ancestor of one. */
export interface AttributedSpan {
  /** 32 lower-case hexadecimal digits. */
  trace_id: string;
  /** 16 lower-case hexadecimal digits. */
  span_id: string;
  /** Index of the parent in `spans`, which may come later in it; -1 for a root span. Ancestors of every span are there. */
  parent: number;
  /** Under which this span's samples are sent: its lane. */
  thread_id: string;
  /** CPU time of this span itself within this chunk, without its descendants, microseconds. */
  cpu_us: number;
  /** Known if the span had ended when the chunk was cut. */
  name?: string;
  /** The pattern; may be known before the name. */
  route?: string;
}

/** Samples that were taken and did not arrive. */
export interface Drop {
  /** Why; one of `DropReason`, or `ring_full`: the event loop was blocked for so long that records were overwritten. */
  reason: string;
  /** Whole chunks; 0 where others of the same chunk did arrive. */
  chunks: number;
  /** Those that showed the thread at work. */
  samples: number;
  /** From the beginning of the first such chunk to the end of the last: Unix time in seconds. */
  start: number;
  end: number;
}

/** What only we write into a chunk. Sentry drops the key, our collector keeps it. */
export interface ChunkExtension {
  /** Version of this extension. */
  version: 1;
  /** Wider than was asked for while profiling would cost more than it may. */
  sampling_interval_us: number;
  /** What profiling cost until then, as a share of one core. */
  overhead_ratio?: number;
  /** Why this chunk ended. */
  end: string;
  /** Samples V8 delivered, idle ones included. */
  samples: number;
  /** What profiling cost the main thread when the previous chunk was cut, in milliseconds. */
  stall_ms: number;
  /** Which way the samples came, if not through the addon. `worker`: from a worker thread, at its starter's request. */
  binding?: 'inspector' | 'worker';
  /**
   * CPU time that the thread used while the sampler slept, because no request was alive, since the chunk before:
   * microseconds. It is in no sample.
   */
  unsampled_cpu_us?: number;
  /** What was dropped before this chunk, and no other has told of: one entry per reason. Absent if nothing was. */
  dropped?: Drop[];
  /** `context`: each sample's span was read from its async context. Absent: spans are linked by time. */
  attribution?: 'context';
  spans?: AttributedSpan[];
  /** One per sample: index in `spans`, -1 if no span was alive. */
  sample_spans?: number[];
  /**
   * One per sample: CPU time of the thread that the sample stands for, microseconds; 0 for one that closes a silence. May
   * be there without `attribution`: the CPU is known then, the span is not.
   */
  sample_cpu_us?: number[];
  /** Busy samples of lanes that had only one in this chunk; sent as two halves, since Relay drops a lone one. */
  lone_samples?: number;
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
