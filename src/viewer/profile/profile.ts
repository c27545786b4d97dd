import type { TreeAnswer } from '../../collector/api-profile-types.ts';
import { type CallTree, callTree } from '../model/call-tree.ts';
import { foldFrames, foldWeights } from '../model/fold-frames.ts';
import { type FrameTable, frameTable } from '../model/frame-table.ts';
import { type FunctionTable, functionTable } from '../model/function-table.ts';
import { FRAMEWORK } from '../model/shown-kind.ts';

export type Weight = 'cpu' | 'wall';

/** A merged profile with one weight, in microseconds. */
export interface Profile {
  frames: FrameTable;
  tree: CallTree;
  functions: FunctionTable;
  /** Merging nodes makes one run of two that followed each other, which nobody can tell any more. */
  knowsRuns: boolean;
}

export function profileOf(answer: TreeAnswer, weight: Weight, hideFramework: boolean): Profile {
  const frames = frameTable(answer.frames);
  const { nodes } = answer;
  const self = weight === 'cpu' ? nodes.selfCpuMicros : nodes.selfWallMicros;
  const tree = hideFramework ? withoutFramework(nodes, frames, self) : callTree(nodes, self, nodes.runs);
  return { frames, tree, functions: functionTable(tree, frames.size), knowsRuns: !hideFramework };
}

function withoutFramework(nodes: TreeAnswer['nodes'], frames: FrameTable, self: number[]): CallTree {
  const folded = foldFrames(nodes, (frame) => FRAMEWORK.has(frames.kind[frame] ?? 'app'));
  return callTree(folded, foldWeights(folded, self), foldWeights(folded, nodes.runs));
}
