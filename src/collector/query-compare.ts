import { CallTree } from '../profile/call-tree.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { CompareAnswer, ComparedSide as SideAnswer } from './api-trace-types.ts';
import { ComparedFunctions } from './compared-functions.ts';
import { ComparedSide, readSide } from './compared-side.ts';
import { differenceOf } from './difference.ts';
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
  const now = await readAccount(store, route, newFilter, functions);
  const base = await readAccount(store, route, baseFilter, functions);
  if (!now.isThere && !base.isThere) return null;
  const frames = new FrameList(functions.functions);
  return {
    route,
    base: sideAnswer(base, baseFilter),
    new: sideAnswer(now, newFilter),
    cpuMs: differenceOf(base.side, now.side, ({ micros }) => micros),
    nodes: nodesOf(base, now, frames),
    frames: frames.columns,
    functions: functions.functions
      .map(({ name, kind, file, line, column }, frame) => ({
        name,
        kind,
        file,
        line,
        column,
        selfMs: differenceOf(base.side, now.side, ({ functions: times }) => times.get(frame)?.self ?? 0),
        totalMs: differenceOf(base.side, now.side, ({ functions: times }) => times.get(frame)?.total ?? 0),
      }))
      .filter(({ totalMs }) => totalMs.base > 0 || totalMs.new > 0)
      .sort((a, b) => Math.abs(b.selfMs.new - b.selfMs.base) - Math.abs(a.selfMs.new - a.selfMs.base))
      .slice(0, MOST_FUNCTIONS),
  };
}

/** The route of one side. */
interface ComparedAccount {
  /** Whether there was a request of it. */
  isThere: boolean;
  side: ComparedSide;
  tree: CallTree;
  fromMicros: number;
  toMicros: number;
}

async function readAccount(
  store: ProfileStore,
  route: string | null,
  filter: Filter,
  functions: ComparedFunctions,
): Promise<ComparedAccount> {
  const read = { isThere: false, side: new ComparedSide(), tree: new CallTree(), fromMicros: 0, toMicros: 0 };
  for await (const [time, summary] of readSide(store, filter, route === null ? 'all' : { route })) {
    read.fromMicros ||= time.fromMicros;
    read.toMicros = time.toMicros;
    const account = route === null ? summary.everything() : summary.routes.get(route);
    if (account === undefined) continue;
    read.isThere = true;
    const frames = functions.translate(summary.table);
    read.side.add(time, account, frames);
    read.tree.merge(account.tree, frames);
  }
  return read;
}

function sideAnswer({ side, fromMicros, toMicros }: ComparedAccount, { release }: Filter): SideAnswer {
  return {
    requests: side.requests,
    cpuMsPerRequest: side.requests === 0 ? null : milliseconds(side.ratio(({ micros }) => micros).value),
    fromMs: fromMicros / 1e3,
    toMs: toMicros / 1e3,
    release: release ?? null,
  };
}

/** The nodes of both trees. */
function nodesOf(base: ComparedAccount, now: ComparedAccount, frames: FrameList): CompareAnswer['nodes'] {
  const both = new CallTree();
  both.merge(base.tree);
  both.merge(now.tree);
  const selfOf = ({ tree, side: { requests } }: ComparedAccount): number[] => {
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
