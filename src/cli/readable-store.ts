import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noStoreFile } from '../errors.ts';
import { isServer, openStore, storeFile } from '../store/open-store.ts';
import { SymbolicatedStore } from '../symbolicate/symbolicated-store.ts';
import { Symbolicator } from '../symbolicate/symbolicator.ts';
import { type CommandInput, DEFAULT_MAPS, DEFAULT_STORE } from './command.ts';
import { textOf } from './option-values.ts';

/** A store that is read with the names and lines of the sources. */
export interface ReadableStore {
  store: SymbolicatedStore;
  symbols: Symbolicator;
}

/** Opens what `--store` and `--maps` say. Rejects with `NP_STORE`, `NP_SQLITE` or `NP_OPTION`. */
export async function openReadableStore(values: CommandInput['values'], maps = DEFAULT_MAPS): Promise<ReadableStore> {
  const symbols = new Symbolicator(textOf(values, 'maps') ?? maps);
  const store = new SymbolicatedStore(await openStore(textOf(values, 'store') ?? DEFAULT_STORE), symbols);
  return { store, symbols };
}

/** The same for a command that only reads: a file that is not there is not made, but an error. */
export async function openRecordedStore(values: CommandInput['values']): Promise<ReadableStore> {
  const address = textOf(values, 'store') ?? DEFAULT_STORE;
  const file = isServer(address) ? undefined : storeFile(address);
  if (file !== undefined && !existsSync(file)) throw noStoreFile(file);
  return openReadableStore(values);
}

/** The maps of the app that a command runs: of a folder that it names, as `next start DIR`, or of this one. */
export function mapsOf(command: readonly string[]): string {
  return command.map((word) => join(word, DEFAULT_MAPS)).find((folder) => existsSync(folder)) ?? DEFAULT_MAPS;
}

/** One line on frames that stay as they were built though they need not; empty if there are none. */
export function symbolNote(symbols: Symbolicator): string {
  const { maps, failed, problems } = symbols.status();
  const [first] = Object.entries(problems);
  if (first === undefined) return '';
  const more = Object.keys(problems).length > 1 ? `, and ${Object.keys(problems).length - 1} more scripts` : '';
  return `[next-profiling] ${failed} functions are shown as built: ${first[1]} (${first[0]}${more}) in ${maps}; see --maps\n`;
}
