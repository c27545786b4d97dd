import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTENDERS } from '../contenders.ts';
import type { Measure } from '../measure.ts';
import { samplesOf } from '../received-functions.ts';
import { runProcess } from '../run-process.ts';

const NAME = 'placed-functions.cjs';
const FILE = join(import.meta.dirname, '..', 'processes', NAME);

/** Functions of one file that another file calls: whether a profile leads to their own lines. */
export const lines: Measure = {
  name: 'lines',
  says: 'whether the line that a profile gives to a function is one of its own',
  contenders: CONTENDERS.filter((contender) => contender !== 'nothing' && contender !== 'without attribution'),
  rounds: 1,
  seconds: 6,
  figures: [{ id: 'linesRight', says: "time shown at one of the function's own lines", unit: 'share', base: null }],
  async take(contender) {
    const { uploads } = await runProcess(contender, 'lines.cjs', [], { lifecycle: 'trace', periodSeconds: 2 });
    const placed = placedFunctions().flatMap(({ name, first, last }) =>
      uploads
        .flatMap((upload) => samplesOf(upload, name))
        .map(({ line, file, micros }) => ({ micros, right: file.endsWith(NAME) && line >= first && line <= last })),
    );
    const micros = (of: typeof placed): number => of.reduce((sum, each) => sum + each.micros, 0);
    if (micros(placed) === 0) throw new Error('none of the functions was seen');
    return { linesRight: micros(placed.filter(({ right }) => right)) / micros(placed) };
  },
};

/** Names with first and last line, from 1. */
function placedFunctions(): { name: string; first: number; last: number }[] {
  const text = readFileSync(FILE, 'utf8').split('\n');
  return text.flatMap((line, index) => {
    const name = /^function (\w+)/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, first: index + 1, last: text.indexOf('}', index) + 1 }];
  });
}
