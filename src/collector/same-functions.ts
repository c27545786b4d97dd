import type { ProfiledFunction } from '../profile/function-table.ts';

/**
 * Groups the functions of two builds that are the same. Name and file make a function already; left are those of scripts
 * without a source map whose build lay in another folder: of those of one name, the two belong together whose paths share the
 * longest end.
 *
 * @param functions of both, by number
 * @param base which had time in the base
 * @param now which had time in the new build
 * @returns the numbers of each function, that of the new build first
 */
export function sameFunctions(
  functions: readonly ProfiledFunction[],
  base: ReadonlySet<number>,
  now: ReadonlySet<number>,
): number[][] {
  const gone = new Map<string, number[]>();
  for (const number of base) {
    if (now.has(number)) continue;
    const key = keyOf(functions[number]);
    gone.set(key, [...(gone.get(key) ?? []), number]);
  }
  const matched = new Set<number>();
  const groups = [...now].map((number) => {
    const candidates = base.has(number) ? [] : (gone.get(keyOf(functions[number])) ?? []);
    const same = nearestOf(
      functions,
      number,
      candidates.filter((candidate) => !matched.has(candidate)),
    );
    if (same === undefined) return [number];
    matched.add(same);
    return [number, same];
  });
  const left = [...base].filter((number) => !now.has(number) && !matched.has(number));
  return [...groups, ...left.map((number) => [number])];
}

/** Name, kind and file name; of a package also where it is in it. */
function keyOf(of: ProfiledFunction | undefined): string {
  const { name = '', kind = 'app', file = '' } = of ?? {};
  const parts = segments(file);
  const modules = parts.lastIndexOf('node_modules');
  return JSON.stringify([name, kind, modules === -1 ? parts.at(-1) : parts.slice(modules + 1).join('/')]);
}

function nearestOf(
  functions: readonly ProfiledFunction[],
  number: number,
  candidates: readonly number[],
): number | undefined {
  const shared = (candidate: number) => sharedEnd(functions[number]?.file ?? '', functions[candidate]?.file ?? '');
  const [best, next] = [...candidates].sort((a, b) => shared(b) - shared(a));
  // Which of two it is cannot be said.
  return best === undefined || (next !== undefined && shared(next) === shared(best)) ? undefined : best;
}

/** How many folders and files from the end are the same. */
function sharedEnd(one: string, other: string): number {
  const [a, b] = [segments(one).reverse(), segments(other).reverse()];
  const different = a.findIndex((segment, index) => segment !== b[index]);
  return different === -1 ? a.length : different;
}

const segments = (path: string): string[] => path.split(/[\\/]/);
