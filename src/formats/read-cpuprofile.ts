import { arrayAt, FieldError, type Fields, finiteAt, objectAt, optional, stringAt } from '../profile/fields.ts';
import { ImportedStacks } from './imported-stacks.ts';
import type { WeightedSamples } from './weighted-samples.ts';

/** V8's pseudo-functions that are no work. */
const IDLE = ['(root)', '(idle)'];

/** Reads V8's own format. Throws `FieldError`. */
export function readCpuProfile(file: Fields, name: string): WeightedSamples {
  const stacks = new ImportedStacks();
  const nodes = nodesOf(file, stacks);
  const thread = stacks.thread(name);
  const deltas = arrayAt(file.timeDeltas, 'timeDeltas');
  const samples = arrayAt(file.samples, 'samples');
  let at = finiteAt(file.startTime, 'startTime');
  const end = finiteAt(file.endTime, 'endTime');
  for (const [index, id] of samples.entries()) {
    const node = nodes.get(id);
    if (node === undefined) throw new FieldError(`samples[${index}] names a node that is not there`);
    at += finiteAt(deltas[index], `timeDeltas[${index}]`);
    const isLast = index === samples.length - 1;
    // V8 delivers a sample late now and then: then the next one has a negative distance.
    const micros = Math.max(0, isLast ? end - at : finiteAt(deltas[index + 1], `timeDeltas[${index + 1}]`));
    stacks.sample(thread, node, node === -1 ? 0 : micros, micros);
  }
  return stacks.finish(name);
}

/** The node of our tree for each id; -1 for what is no work. */
function nodesOf(file: Fields, stacks: ImportedStacks): Map<unknown, number> {
  const parsed = new Map<unknown, { number: number; isIdle: boolean; children: unknown[] }>();
  const isChild = new Set<unknown>();
  for (const [index, item] of arrayAt(file.nodes, 'nodes').entries()) {
    const at = `nodes[${index}]`;
    const { id, callFrame, children, parent } = objectAt(item, at);
    const { functionName, url, lineNumber, columnNumber } = objectAt(callFrame, `${at}.callFrame`);
    const name = stringAt(functionName, `${at}.callFrame.functionName`);
    const number = stacks.functionNumber({
      name,
      file: optional(url, `${at}.url`, stringAt),
      // Chrome counts from 0.
      line: (optional(lineNumber, `${at}.lineNumber`, finiteAt) ?? -1) + 1,
      column: (optional(columnNumber, `${at}.columnNumber`, finiteAt) ?? -1) + 1,
    });
    const own = optional(children, `${at}.children`, arrayAt) ?? [];
    parsed.set(id, { number, isIdle: IDLE.includes(name), children: [...own] });
    for (const child of own) isChild.add(child);
    // Chrome's traces say the parent instead.
    if (parent !== undefined && parent !== null) {
      parsed.get(parent)?.children.push(id);
      isChild.add(id);
    }
  }
  const nodes = new Map<unknown, number>();
  const open = [...parsed.keys()].filter((id) => !isChild.has(id)).map((id) => ({ id, parent: -1 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = parsed.get(next.id);
    // A second way to a node would be a circle, or two callers.
    if (node === undefined || nodes.has(next.id)) throw new FieldError('nodes must be a tree');
    const row = node.isIdle ? -1 : stacks.node(next.parent, node.number);
    nodes.set(next.id, row);
    for (const id of node.children) open.push({ id, parent: row });
  }
  return nodes;
}
