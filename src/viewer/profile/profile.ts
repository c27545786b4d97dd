import type { TreeAnswer } from '../../collector/api-profile-types.ts';
import { type CallTree, callTree } from '../model/call-tree.ts';
import { foldFrames, foldWeights } from '../model/fold-frames.ts';
import { type FrameTable, frameTable, withFrame } from '../model/frame-table.ts';
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
  if (hideFramework) return withoutFramework(nodes, frames, self);
  const tree = callTree(nodes, self, nodes.runs);
  return { frames, tree, functions: functionTable(tree, frames.size), knowsRuns: true };
}

/** What no frame of the app's called stays in sight as one root, so that shares stay shares of everything. */
function withoutFramework(nodes: TreeAnswer['nodes'], all: FrameTable, self: number[]): Profile {
  const folded = foldFrames(nodes, (frame) => FRAMEWORK.has(all.kind[frame] ?? 'app'));
  const { weights, lost } = foldWeights(folded, self);
  const frames = withFrame(all, { name: '(framework)', kind: 'library', file: '', line: 0, column: 0 });
  const tree = callTree(
    { parent: [...folded.parent, -1], frame: [...folded.frame, all.size] },
    [...weights, lost],
    new Float64Array(weights.length + 1),
  );
  return { frames, tree, functions: functionTable(tree, frames.size), knowsRuns: false };
}
