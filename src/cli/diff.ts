import type { DiffAnswer } from '../collector/api-diff-types.ts';
import { isJudged, queryDiff } from '../collector/query-diff.ts';
import { reportDiff } from '../collector/report-diff.ts';
import { nothingToCompare, wrongUsage } from '../errors.ts';
import { type Command, MAPS_OPTION, STORE_OPTION } from './command.ts';
import { openSides } from './diff-sources.ts';
import { millisecondsOf, shareOf, textOf } from './option-values.ts';
import { symbolNote } from './readable-store.ts';

const DEFAULT_LIMIT = 0.1;
/** Of less, ten percent are too little to be seen, and nobody's trouble. */
const DEFAULT_MIN_CPU_MS = 1;

export const diff: Command = {
  name: 'diff',
  usage: 'diff [BASE NEW] [--base-store FILE] [--fail-above 10%] [OPTION…]',
  summary: 'Compare two builds per route and function; exit with 1 if the new one takes more CPU',
  options: {
    'fail-above': { value: 'N%', help: 'how much more CPU per request is too much (default 10%); off: report only' },
    'min-cpu': { value: 'MS', help: 'judge nothing that takes less per request on both sides (default 1ms)' },
    route: { value: 'R', help: 'only this route, like /blog/[slug]; shows all its functions' },
    environment: { value: 'NAME', help: 'only this environment' },
    json: { help: 'print JSON' },
    markdown: { help: 'print Markdown, for the comment on a pull request' },
    store: STORE_OPTION,
    'base-store': { value: 'FILE', help: 'where the profiles of the base are, if elsewhere' },
    maps: MAPS_OPTION,
    'base-maps': { value: 'DIR', help: "the base's source maps (default: maps beside --base-store, else --maps)" },
  },
  words: ['BASE', 'NEW'],

  async run({ values, words }) {
    if (values.json && values.markdown)
      throw wrongUsage('--json and --markdown exclude each other', 'next-profiling diff');
    const limits = {
      failAbove: values['fail-above'] === 'off' ? null : (shareOf(values, 'fail-above', 'diff') ?? DEFAULT_LIMIT),
      minCpuMs: millisecondsOf(values, 'min-cpu', 'diff') ?? DEFAULT_MIN_CPU_MS,
    };
    const sides = await openSides(words, values);
    try {
      const route = textOf(values, 'route') ?? null;
      const answer = await queryDiff(sides.base, sides.now, limits, route);
      checkJudged(answer, route);
      process.stdout.write(
        values.json
          ? `${JSON.stringify(answer, null, 2)}\n`
          : reportDiff(answer, { markdown: values.markdown === true }),
      );
      process.stderr.write([...new Set(sides.symbols.map(symbolNote))].join(''));
      return answer.passed === false ? 1 : 0;
    } finally {
      await sides.close();
    }
  },
};

/** A gate must not pass because nothing was measured, or too little. Throws `NP_DIFF`. */
function checkJudged(answer: DiffAnswer, route: string | null): void {
  for (const side of ['base', 'new'] as const) {
    if (answer[side].requests === 0) throw nothingToCompare(`no profiled request of the ${side} is stored`);
  }
  if (answer.failAbove === null || isJudged(answer)) return;
  const of = route === null ? 'no route' : `the route '${route}'`;
  const is = route === null ? 'has' : 'does not have';
  const known = answer.routes.flatMap(({ leastChange }) => leastChange ?? []);
  const least = known.length === 0 ? '' : `, only one from ${Math.round(Math.min(...known) * 100)} % on`;
  throw nothingToCompare(`${of} ${is} enough profiled requests to tell a rise by a quarter from chance${least}`);
}
