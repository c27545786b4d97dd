import { CallTree } from '../profile/call-tree.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { CompareAnswer, Difference, ComparedSide as SideAnswer } from './api-trace-types.ts';
import { ComparedFunctions } from './compared-functions.ts';
import { type ComparedSide, readSide } from './compared-side.ts';
import { milliseconds } from './figures.ts';
import type { Filter } from './filter.ts';
import { FrameList } from './frame-list.ts';

/** Longest list of functions. */
const MOST_FUNCTIONS = 500;

/**
 * What changed from one release or time to another, of one route, or, for `null`, of everything, per request. `null` if
 * neither side has a request of the route. Rejects with `NP_STORE`.
 */
export async function queryCompare(
  store: ProfileStore,
  route: string | null,
  baseFilter: Filter,
  newFilter: Filter,
): Promise<CompareAnswer | null> {
  const functions = new ComparedFunctions();
  // The new one first: where a function is now is what can be looked up.
  const now = await readSide(store, route, newFilter, functions);
  const base = await readSide(store, route, baseFilter, functions);
  if (now.slices.length + base.slices.length === 0) return null;
  const frames = new FrameList(functions.functions);
  return {
    route,
    base: sideAnswer(base, baseFilter),
    new: sideAnswer(now, newFilter),
    cpuMs: difference(base, now, ({ micros }) => micros),
    nodes: nodesOf(base, now, frames),
    frames: frames.columns,
    functions: functions.functions
      .map(({ name, kind, file, line, column }, frame) => ({
        name,
        kind,
        file,
        line,
        column,
        selfMs: difference(base, now, ({ functions: times }) => times.selfMicros[frame] ?? 0),
        totalMs: difference(base, now, ({ functions: times }) => times.totalMicros[frame] ?? 0),
      }))
      .filter(({ totalMs }) => totalMs.base > 0 || totalMs.new > 0)
      .sort((a, b) => Math.abs(b.selfMs.new - b.selfMs.base) - Math.abs(a.selfMs.new - a.selfMs.base))
      .slice(0, MOST_FUNCTIONS),
  };
}

type Part = Parameters<ComparedSide['ratio']>[0];

function difference(base: ComparedSide, now: ComparedSide, part: Part): Difference {
  const [before, after] = [base.ratio(part), now.ratio(part)];
  return {
    base: milliseconds(before.value),
    new: milliseconds(after.value),
    noise: before.error === null || after.error === null ? null : milliseconds(Math.hypot(before.error, after.error)),
  };
}

function sideAnswer(side: ComparedSide, { release }: Filter): SideAnswer {
  return {
    requests: side.requests,
    cpuMsPerRequest: side.requests === 0 ? null : milliseconds(side.ratio(({ micros }) => micros).value),
    fromMs: side.fromMicros / 1e3,
    toMs: side.toMicros / 1e3,
    release: release ?? null,
  };
}

/** The nodes of both trees. */
function nodesOf(base: ComparedSide, now: ComparedSide, frames: FrameList): CompareAnswer['nodes'] {
  const both = new CallTree();
  both.merge(base.tree);
  both.merge(now.tree);
  const selfOf = ({ tree, requests }: ComparedSide): number[] => {
    const self = both.frame.map(() => 0);
    const nodes: number[] = [];
    for (const [node, frame] of tree.frame.entries()) {
      const parent = tree.parent[node] ?? -1;
      const row = both.childOf(parent === -1 ? -1 : (nodes[parent] ?? -1), frame);
      nodes.push(row);
      self[row] = Math.round(((tree.selfCpuMicros[node] ?? 0) / Math.max(1, requests)) * 1e3) / 1e3;
    }
    return self;
  };
  return {
    parent: both.parent,
    frame: both.frame.map((number) => frames.rowOf(number)),
    baseSelfMicros: selfOf(base),
    newSelfMicros: selfOf(now),
  };
}
