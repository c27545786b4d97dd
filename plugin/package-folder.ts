import { fileURLToPath } from 'node:url';

/** Our package's own folder: this file is one level below it, as source (`plugin/`) and as built (`dist/`). */
export const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
