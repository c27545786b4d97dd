import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The folder of `server.js` in a standalone output. Nested where Next took a folder above the app for its root. */
export async function serverFolder(standalone: string): Promise<string> {
  const server = (await readdir(standalone, { recursive: true })).find(
    (path) => /(^|\/)server\.js$/.test(path) && !path.includes('node_modules') && !/(^|\/)server\//.test(path),
  );
  if (server === undefined) throw new Error(`no server.js under ${standalone}`);
  return join(standalone, dirname(server));
}
