import { createHash } from 'node:crypto';
import { readProfile } from '../formats/read-profile.ts';
import type { WeightedSamples } from '../formats/weighted-samples.ts';
import type { Frame, ProfileChunk, Sample } from '../profile/types.ts';
import type { ProfileStore, StoredChunk } from '../store/profile-store.ts';

/**
 * Stores a file as a session of its own, which ordinary questions leave out; the same file again is the same session.
 * Resolves to the session's id. Rejects with `FieldError` or `SyntaxError` for a file that cannot be read, and `NP_STORE`.
 */
export async function importProfile(store: ProfileStore, bytes: Uint8Array, name: string): Promise<string> {
  const session = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const profile = readProfile(bytes, name);
  await store.write({ chunks: [chunkOf(profile, session, Date.now() * 1e3)], spans: [] });
  return session;
}

/** @param startMicros when it shall begin: most files do not say when they were recorded */
function chunkOf(
  { name, functions, stacks, threads }: WeightedSamples,
  session: string,
  startMicros: number,
): StoredChunk {
  const frames = functions.map(
    ({ name: of, file, line, column, kind }): Frame => ({
      function: of,
      ...(file !== '' && { abs_path: file }),
      ...(line > 0 && { lineno: line }),
      ...(column > 0 && { colno: column }),
      ...(kind === 'app' && { in_app: true }),
    }),
  );
  // Only stacks that are some sample's: each is as long as its tree is deep. 0 is idle.
  const ids = new Map<number, number>([[-1, 0]]);
  const used: number[][] = [[]];
  const idOf = (node: number): number => {
    const known = ids.get(node);
    if (known !== undefined) return known;
    const stack: number[] = [];
    for (let at = node; at !== -1; at = stacks.parent[at] ?? -1) stack.push(stacks.frame[at] ?? 0);
    ids.set(node, used.length);
    return used.push(stack) - 1;
  };
  const samples: { sample: Sample; cpu: number }[] = [];
  let endMicros = startMicros;
  for (const [index, { stack, cpuMicros, wallMicros }] of threads.entries()) {
    let at = startMicros;
    for (const [row, node] of stack.entries()) {
      samples.push({
        sample: { timestamp: at / 1e6, stack_id: idOf(node), thread_id: String(index) },
        cpu: cpuMicros[row] ?? 0,
      });
      at += wallMicros[row] ?? 0;
    }
    samples.push({ sample: { timestamp: at / 1e6, stack_id: 0, thread_id: String(index) }, cpu: 0 });
    endMicros = Math.max(endMicros, at);
  }
  samples.sort((a, b) => a.sample.timestamp - b.sample.timestamp);
  const chunk: ProfileChunk = {
    version: '2',
    chunk_id: session,
    profiler_id: session,
    platform: 'import',
    profile: {
      samples: samples.map(({ sample }) => sample),
      stacks: used,
      frames,
      thread_metadata: Object.fromEntries(threads.map(({ name: thread }, index) => [String(index), { name: thread }])),
    },
    next_profiling: {
      version: 1,
      sampling_interval_us: 0,
      end: 'import',
      samples: samples.length,
      stall_ms: 0,
      sample_cpu_us: samples.map(({ cpu }) => cpu),
    },
  };
  return { projectId: 'import', kind: 'import', name, startMicros, endMicros: Math.ceil(endMicros), chunk };
}
