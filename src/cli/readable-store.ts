import { openStore } from '../store/open-store.ts';
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
export async function openReadableStore(values: CommandInput['values']): Promise<ReadableStore> {
  const symbols = new Symbolicator(textOf(values, 'maps') ?? DEFAULT_MAPS);
  const store = new SymbolicatedStore(await openStore(textOf(values, 'store') ?? DEFAULT_STORE), symbols);
  return { store, symbols };
}

/** One line on frames that stay as they were built though they need not; empty if there are none. */
export function symbolNote(symbols: Symbolicator): string {
  const { maps, failed, problems } = symbols.status();
  const [first] = Object.entries(problems);
  if (first === undefined) return '';
  const more = Object.keys(problems).length > 1 ? `, and ${Object.keys(problems).length - 1} more scripts` : '';
  return `[next-profiling] ${failed} functions are shown as built: ${first[1]} (${first[0]}${more}) in ${maps}; see --maps\n`;
}
