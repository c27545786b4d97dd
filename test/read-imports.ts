import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

/** One import of a file, in any of its forms. */
export interface Import {
  /** What the code says; `null` where it is computed and cannot be read. */
  readonly specifier: string | null;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

const STRING = `'((?:[^'\\\\\\n]|\\\\.)*)'|"((?:[^"\\\\\\n]|\\\\.)*)"`;
const FORMS: readonly { readonly pattern: RegExp; readonly typeOnly: (match: RegExpMatchArray) => boolean }[] = [
  // import … from, export … from. `import { type A }` stays in the output as an import, so it is no type import.
  {
    pattern: new RegExp(`^\\s*(?:import|export)\\s+(type\\s)?[\\w\\s{},*$]*?from\\s*(?:${STRING})`, 'gm'),
    typeOnly: (match) => match[1] !== undefined,
  },
  // import 'side-effect'
  { pattern: new RegExp(`^\\s*()import\\s*(?:${STRING})`, 'gm'), typeOnly: () => false },
  // import(…), typeof import(…)
  { pattern: new RegExp(`(typeof\\s+)?\\bimport\\(\\s*(?:${STRING})?`, 'g'), typeOnly: (match) => Boolean(match[1]) },
  // require(…), require.resolve(…)
  { pattern: new RegExp(`()\\brequire(?:\\.resolve)?\\(\\s*(?:${STRING})?`, 'g'), typeOnly: () => false },
];

/** Every import of TypeScript code as Biome formats it. */
export function importsIn(code: string): Import[] {
  const text = withoutComments(code);
  return FORMS.flatMap(({ pattern, typeOnly }) =>
    [...text.matchAll(pattern)].map((match) => ({
      specifier: match[2] ?? match[3] ?? null,
      typeOnly: typeOnly(match),
    })),
  );
}

export function importsOf(root: string, file: string): Import[] {
  return importsIn(readFileSync(join(root, file), 'utf8'));
}

/** A relative specifier as a path from the repository's root, without what it asks of Vite; any other as its package's name, or `node:`. */
export function importTarget(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(dirname(file), specifier.replace(/\?raw$/, ''));
  if (specifier.startsWith('node:')) return 'node:';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Blanks out comments of TypeScript and C++; strings stay, whatever is in them. */
export function withoutComments(code: string): string {
  return code.replace(
    /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|(?<!\\)\/\/[^\n]*/g,
    (_, string) => string ?? ' ',
  );
}
