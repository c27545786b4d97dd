import type { Frame, Sample, Stack } from '../../src/profile/types.ts';
import type { ChunkMeta, SerializedChunk } from '../binding.ts';
import { frameOf, pathOf } from './frame-of.ts';
import { sampleTicks, type Tick } from './sample-ticks.ts';

/** A function at a position as the inspector has it: both numbers count from 0, -1 where there is none. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  /** Regular ticks that found this node on top. */
  readonly hitCount?: number;
  readonly children?: readonly number[];
}

interface TreeNode extends ProfileNode {
  parent?: TreeNode;
  /** Indexes in the chunk, as soon as they are known. */
  frame?: number;
  stack?: number;
}

/** `Profiler.Profile` of the inspector's protocol. Microseconds of the sample clock. */
export interface InspectorProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** A time, microseconds of the sample clock. */
export interface Window {
  readonly since: number;
  readonly until: number;
}

/** Of a deeper stack both ends are kept, as the addon does. */
const LEAF_FRAMES_KEPT = 160;
const ROOT_FRAMES_KEPT = 64;

/** Makes the chunk that the addon would make of the same samples, without CPU times and spans. */
export function serializeProfile(
  profile: InspectorProfile,
  windows: readonly Window[],
  unixOffsetMicros: number,
  meta: ChunkMeta,
  binding: 'inspector' | 'worker' = 'inspector',
): SerializedChunk {
  const tree = treeOf(profile.nodes);
  const frames = new Table<Frame>();
  const stacks = new Table<Stack>();
  const idle = stacks.indexOf([]);

  const frameIndex = (node: TreeNode): number => {
    const { functionName, url, lineNumber, columnNumber } = node.callFrame;
    node.frame ??= frames.indexOf(frameOf(functionName, url, lineNumber + 1, columnNumber + 1, meta.root));
    return node.frame;
  };
  const stackIndex = (leaf: TreeNode): number => {
    const path: TreeNode[] = [];
    // V8's root is in no stack.
    for (let node = leaf; node.parent !== undefined; node = node.parent) path.push(node);
    const isIdle = path.length === 1 && leaf.callFrame.functionName === '(idle)';
    if (path.length === 0 || isIdle) return idle;
    if (path.length <= LEAF_FRAMES_KEPT + ROOT_FRAMES_KEPT) return stacks.indexOf(path.map(frameIndex));
    const omitted = frames.indexOf(frameOf('(frames omitted)', '', 0, 0, meta.root));
    const [leafEnd, rootEnd] = [path.slice(0, LEAF_FRAMES_KEPT), path.slice(-ROOT_FRAMES_KEPT)];
    return stacks.indexOf([...leafEnd.map(frameIndex), omitted, ...rootEnd.map(frameIndex)]);
  };

  const ticks: Tick[] = [];
  let micros = profile.startTime;
  for (const [index, id] of (profile.samples ?? []).entries()) {
    micros += profile.timeDeltas?.[index] ?? 0;
    const isWanted = windows.some(({ since, until }) => micros > since && micros < until);
    const node = tree.get(id);
    // Without a hit it is none of the regular ticks: V8 also records a stack where it deoptimises a function.
    if (!isWanted || !node?.hitCount) continue;
    node.stack ??= stackIndex(node);
    ticks.push({ micros, stack: node.stack });
  }
  const sampled = sampleTicks(ticks, idle, meta.intervalMicros, windows.at(-1)?.until ?? micros);
  // On the main thread, within the call that ends the chunk, whose time is counted.
  const cpuMicros = 0;
  const counts = { samples: profile.samples?.length ?? 0, busySamples: sampled.busy, samplesWithoutSpan: sampled.busy };
  if (sampled.busy === 0) return { json: null, ...counts, cpuMicros };

  const [threadId = '0', threadName = 'main'] = meta.threads;
  const samples = sampled.ticks.map(
    (tick): Sample => ({
      timestamp: Math.round(tick.micros + unixOffsetMicros) / 1e6,
      stack_id: tick.stack,
      thread_id: threadId,
    }),
  );
  const thread_metadata = { [threadId]: { name: threadName } };
  const text = JSON.stringify({ samples, stacks: stacks.rows, frames: frames.rows, thread_metadata });
  const extension = `${meta.extension},"binding":"${binding}","samples":${counts.samples}`;
  const json = `{${meta.head}${debugMeta(frames.rows, meta.debugIds)},"profile":${text},"next_profiling":{${extension}}}`;
  return { json: Buffer.from(json), ...counts, cpuMicros };
}

function treeOf(nodes: readonly ProfileNode[]): Map<number, TreeNode> {
  const tree = new Map(nodes.map((node): [number, TreeNode] => [node.id, { ...node }]));
  for (const parent of tree.values()) {
    for (const child of parent.children ?? []) {
      const node = tree.get(child);
      if (node !== undefined) node.parent = parent;
    }
  }
  return tree;
}

function debugMeta(frames: readonly Frame[], debugIds: string): string {
  const scripts = new Set(frames.map(({ abs_path }) => abs_path));
  const lines = debugIds.split('\n');
  const images = [];
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const code_file = pathOf(lines[index] ?? '');
    if (scripts.has(code_file)) images.push({ type: 'sourcemap', code_file, debug_id: lines[index + 1] });
  }
  return images.length === 0 ? '' : `,"debug_meta":${JSON.stringify({ images })}`;
}

/** Rows by content: each is there once. */
class Table<Row> {
  readonly rows: Row[] = [];
  readonly #index = new Map<string, number>();

  indexOf(row: Row): number {
    const key = JSON.stringify(row);
    const found = this.#index.get(key);
    if (found !== undefined) return found;
    this.#index.set(key, this.rows.length);
    return this.rows.push(row) - 1;
  }
}
