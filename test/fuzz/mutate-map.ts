import { decode, encode } from '@jridgewell/sourcemap-codec';
import type { Dice } from './dice.ts';
import { type Json, jsonText } from './hostile-values.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';

export type SourceMap = { [key: string]: Json } & { mappings: string; sourcesContent: string[] };

const NUMBERS = [-1, 0, 1, 2 ** 16, 2 ** 31 - 1, 2 ** 31, -(2 ** 31)];

const HOSTILE_SOURCES = [
  'function '.repeat(2_000),
  `${'(()=>'.repeat(5_000)}1${')'.repeat(5_000)}`,
  `${'[{a:function(){return '.repeat(300)}1${'}}]'.repeat(300)}`,
  `class A { ${'/*(*/'.repeat(2_000)} m() {} }`,
  `function /*${'('.repeat(5_000)}*/ f() {}`,
  `const f = ${'async '.repeat(1_000)}x => x`,
  '<'.repeat(10_000),
  '\ud800function \u2028 f(){}',
];

/** A source map that something is wrong with, as text, and what. */
export function mutatedMap(map: SourceMap, dice: Dice): [text: string, what: string] {
  const own = structuredClone(map);
  switch (dice.below(6)) {
    case 0: {
      const [bytes, what] = mutateBytes(Buffer.from(JSON.stringify(own)), dice);
      return [bytes.toString(), what];
    }
    case 1: {
      const lines = decode(own.mappings);
      const segment = dice.pick(dice.pick(lines.filter((line) => line.length > 0)));
      segment[dice.below(5)] = dice.pick(NUMBERS);
      return [JSON.stringify({ ...own, mappings: encode(lines) }), `a segment ${segment}`];
    }
    case 2: {
      const [bytes, what] = mutateBytes(Buffer.from(own.mappings), dice);
      return [JSON.stringify({ ...own, mappings: bytes.toString('latin1') }), `mappings ${what}`];
    }
    case 3: {
      const at = dice.below(own.sourcesContent.length);
      const [bytes, what] = mutateBytes(Buffer.from(own.sourcesContent[at] ?? ''), dice);
      own.sourcesContent[at] = dice.chance(0.3) ? dice.pick(HOSTILE_SOURCES) : bytes.toString();
      return [JSON.stringify(own), `a source ${what}`];
    }
    case 4: {
      const offset = { line: dice.pick([...NUMBERS, 3e6, 1e9]), column: dice.pick([...NUMBERS, 1e9]) };
      const sections = [
        { offset: { line: 0, column: 0 }, map: own },
        { offset, map: structuredClone(own) },
      ];
      const sectioned: { [key: string]: Json } = { version: 3, sections };
      if (dice.chance(0.3)) mutateJson(sectioned, dice);
      return [jsonText(sectioned), `a section at ${offset.line}:${offset.column}`];
    }
    default: {
      const what: string[] = [];
      for (let times = 1 + dice.below(3); times > 0; times--) what.push(mutateJson(own, dice));
      return [jsonText(own), what.join('; ')];
    }
  }
}
