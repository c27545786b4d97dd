import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DiffSource } from '../collector/diff-sides.ts';
import type { Filter } from '../collector/filter.ts';
import { nothingToCompare, wrongUsage } from '../errors.ts';
import { isServer, storeFile } from '../store/open-store.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { Symbolicator } from '../symbolicate/symbolicator.ts';
import type { CommandInput } from './command.ts';
import { nearest } from './nearest.ts';
import { textOf } from './option-values.ts';
import { openRecordedStore } from './readable-store.ts';
import { timeRangeOf } from './time-range.ts';

export interface DiffSources {
  base: DiffSource;
  now: DiffSource;
  symbols: Symbolicator[];
  close(): Promise<void>;
}

/**
 * What BASE and NEW name: two releases or times of one store, or of one each; without them all that the two stores hold.
 * Rejects with `NP_USAGE`, `NP_DIFF` or what a store rejects with.
 */
export async function openSides(words: readonly string[], values: CommandInput['values']): Promise<DiffSources> {
  const baseStore = textOf(values, 'base-store');
  if (words.length === 1 || (words.length === 0 && baseStore === undefined)) {
    const problem = 'what to compare is missing: BASE and NEW, two releases or times, or --base-store';
    throw wrongUsage(problem, 'next-profiling diff');
  }
  const nowMs = Date.now();
  const filters = { base: filterOf(words[0], values, nowMs), now: filterOf(words[1], values, nowMs) };
  const opened = [await openRecordedStore(values)];
  const close = async () => {
    for (const one of opened) await one.store.close();
  };
  try {
    if (baseStore !== undefined)
      opened.push(await openRecordedStore({ store: baseStore, maps: baseMapsOf(values, baseStore) }));
    const stores = opened.map((one) => one.store);
    const sides = {
      base: { store: stores.at(-1) as ProfileStore, filter: filters.base },
      now: { store: stores[0] as ProfileStore, filter: filters.now },
    };
    for (const side of [sides.base, sides.now]) await checkRelease(side);
    return { ...sides, symbols: opened.map(({ symbols }) => symbols), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function filterOf(word: string | undefined, values: CommandInput['values'], nowMs: number): Filter {
  const environment = textOf(values, 'environment');
  const times = word === undefined ? {} : timeRangeOf(word, nowMs);
  return {
    settled: true,
    ...(environment !== undefined && { environment }),
    ...(times ?? (word !== undefined && { release: word })),
  };
}

/** A base that was built in a folder of its own keeps its maps there; beside a server is nothing. */
function baseMapsOf(values: CommandInput['values'], baseStore: string): string | undefined {
  const beside = isServer(baseStore) ? undefined : join(dirname(storeFile(baseStore)), 'maps');
  return textOf(values, 'base-maps') ?? (beside !== undefined && existsSync(beside) ? beside : textOf(values, 'maps'));
}

async function checkRelease({ store, filter: { release } }: DiffSource): Promise<void> {
  if (release === undefined) return;
  const known = (await store.names()).releases.flatMap((name) => name ?? []);
  if (known.includes(release)) return;
  const near = nearest(release, known);
  const hint = near ? `did you mean '${near}'?` : `there are: ${known.slice(0, 10).join(', ') || 'none that is named'}`;
  throw nothingToCompare(`no profile of release '${release}' is stored, ${hint}`);
}
