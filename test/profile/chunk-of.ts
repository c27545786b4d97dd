import { randomUUID } from 'node:crypto';
import type { ProfileChunk } from '../../src/profile/types.ts';

/** A moment in 2026, Unix seconds; samples of tests count from here. */
export const T0 = 1_795_000_000;

export const newId = (): string => randomUUID().replaceAll('-', '');

/** `[seconds after T0, functions leaf first, thread]`. */
export type SampleLine = [at: number, functions: string[], thread?: string];

/** A valid chunk with these samples: one frame per function name, in `/app/code.ts`, on the line of its first use. */
export function chunkOf(lines: readonly SampleLine[], more: Partial<ProfileChunk> = {}): ProfileChunk {
  const names = [...new Set(lines.flatMap(([, functions]) => functions))];
  return {
    version: '2',
    chunk_id: newId(),
    profiler_id: newId(),
    platform: 'node',
    client_sdk: { name: 'test', version: '1.0.0' },
    profile: {
      samples: lines.map(([at, , thread_id = '0'], stack_id) => ({ timestamp: T0 + at, stack_id, thread_id })),
      stacks: lines.map(([, functions]) => functions.map((name) => names.indexOf(name))),
      frames: names.map((name, index) =>
        name.startsWith('(')
          ? { function: name, in_app: false }
          : { function: name, abs_path: '/app/code.ts', lineno: index + 1, colno: 1, in_app: true },
      ),
      thread_metadata: { '0': { name: 'main' } },
    },
    ...more,
  };
}
