import { type WeightedSamples, type WeightName, weightsOf } from './weighted-samples.ts';

interface CpuProfileNode {
  id: number;
  callFrame: { functionName: string; scriptId: string; url: string; lineNumber: number; columnNumber: number };
  hitCount: number;
  children: number[];
}

const ROOT = 1;
const NOWHERE = { name: '', file: '', line: 0, column: 0 };

/**
 * V8's own format, as Chrome DevTools reads it. It knows one thread only, so threads come one after the other. A sample lasts
 * until the next one; a last one at the root closes the profile.
 * https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
 */
export function writeCpuProfile({ functions, stacks, threads }: WeightedSamples, weight: WeightName): string {
  const nodes: CpuProfileNode[] = [nodeOf(ROOT, { ...NOWHERE, name: '(root)' })];
  for (const [index, parent] of stacks.parent.entries()) {
    const id = index + 2;
    nodes.push(nodeOf(id, functions[stacks.frame[index] ?? 0] ?? NOWHERE));
    nodes[parent + 1]?.children.push(id);
  }
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  let [before, endTime] = [0, 0];
  for (const thread of threads) {
    for (const [index, stack] of thread.stack.entries()) {
      const value = Math.round(weightsOf(thread, weight)[index] ?? 0);
      if (stack === -1 || value === 0) continue;
      const node = nodes[stack + 1];
      if (node !== undefined) node.hitCount += thread.samples?.[index] ?? 1;
      samples.push(stack + 2);
      timeDeltas.push(before);
      before = value;
      endTime += value;
    }
  }
  samples.push(ROOT);
  timeDeltas.push(before);
  return JSON.stringify({ nodes, startTime: 0, endTime, samples, timeDeltas });
}

function nodeOf(id: number, of: typeof NOWHERE): CpuProfileNode {
  return {
    id,
    callFrame: {
      functionName: of.name === '(anonymous)' ? '' : of.name,
      scriptId: '0',
      url: of.file,
      // Chrome counts from 0, and -1 is nowhere.
      lineNumber: of.line - 1,
      columnNumber: of.column - 1,
    },
    hitCount: 0,
    children: [],
  };
}
