import { createRequire } from 'node:module';

/** The file that another one gets if it requires that; `null` if none. */
export function fileFor(from: string, specifier: string): string | null {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return null;
  }
}
