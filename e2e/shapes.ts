/** Functions of every shape, each busy on its own, so that each is on top of samples. */
const BUSY = `{
    const end = performance.now() + 60;
    let sum = 0;
    while (performance.now() < end) for (let i = 0; i < 50_000; i++) sum = (sum * 31 + i) % 65_521;
    return sum;
  }`;

/** By the name that V8 gives it, what stands before the place where V8 says that it is. */
const ANCHORS: readonly (readonly [name: string, before: string])[] = [
  ['declared', 'export function declared'],
  ['arrow', 'const arrow = '],
  ['arrowInObject', 'arrowInObject: '],
  ['method', '  method'],
  ['quoted-key', "'quoted-key': function "],
  ['work', '  work<T>'],
  ['make', '  static make'],
  ['#secret', '  #secret'],
  ['field', '  field = '],
  ['default', 'export default '],
  ['Component', 'export async function Component'],
];

const WORK = `import type { ReactNode } from 'react';

/* A comment with a function() { } in it. */
export function declared(): number ${BUSY}

export const arrow = (): number => ${BUSY};

export const table = {
  arrowInObject: () => ${BUSY},
  method(): number ${BUSY},
  'quoted-key': function (): number ${BUSY},
};

export class Worker {
  work<T>(_seed?: T): number ${BUSY}
  static make(): number ${BUSY}
  #secret(): number ${BUSY}
  hidden(): number {
    return this.#secret();
  }
  field = (): number => ${BUSY};
}

export default (): number => ${BUSY};

export async function Component(): Promise<ReactNode> {
  const end = performance.now() + 60;
  let sum = 0;
  while (performance.now() < end) for (let i = 0; i < 50_000; i++) sum = (sum * 31 + i) % 65_521;
  return <p>{sum}</p>;
}
`;

const PAGE = `import anonymous, { arrow, Component, declared, table, Worker } from './work';

export const dynamic = 'force-dynamic';

export default async function Shapes() {
  const worker = new Worker();
  const work = [declared, arrow, table.arrowInObject, table.method, table['quoted-key'], () => worker.work(1), Worker.make];
  for (const each of work) each.call(table);
  return [worker.hidden(), worker.field(), anonymous(), <Component key="c" />];
}
`;

export const SHAPES: Record<string, string> = { 'app/shapes/work.tsx': WORK, 'app/shapes/page.tsx': PAGE };
export const SHAPES_ROUTE = '/shapes';

/** Names and places as they are in the source, in its order. Both 1-based. */
export function shapePlaces(): { name: string; line: number; column: number }[] {
  return ANCHORS.map(([name, anchor]) => {
    const at = WORK.indexOf(anchor);
    if (at === -1) throw new Error(`no '${anchor}' in the source`);
    const lines = (WORK.slice(0, at) + anchor).split('\n');
    return { name, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  });
}
