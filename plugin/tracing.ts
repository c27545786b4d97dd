import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/** A `*.nft.json` file, as far as we change it: what one entry of the server needs at run time. */
interface Trace {
  /** Relative to the trace, with forward slashes. */
  files: string[];
  /** Turbopack only: one content hash per entry of `files`. */
  fileHashes?: string[];
}

const INSTRUMENTATION = 'instrumentation.js.nft.json';

/**
 * Adds `files` to the traces, so that standalone output, adapters and platforms ship them. Next offers no better way:
 * Turbopack applies `outputFileTracingIncludes` to no instrumentation file. Without one, every route needs them.
 *
 * @returns whether the app has an instrumentation file
 */
export async function traceFiles(distDir: string, files: readonly string[]): Promise<boolean> {
  const server = join(distDir, 'server');
  if (await addToTrace(join(server, INSTRUMENTATION), files)) return true;
  for (const folder of ['app', 'pages']) {
    for (const name of await readdir(join(server, folder), { recursive: true }).catch(() => [])) {
      if (name.endsWith('.js.nft.json')) await addToTrace(join(server, folder, name), files);
    }
  }
  return false;
}

/** Only ever appends: `fileHashes` is parallel to `files`, and `symlinks` refers to them by index. */
async function addToTrace(path: string, files: readonly string[]): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const trace = JSON.parse(text) as Trace;
  for (const file of files) {
    const entry = relative(dirname(path), file).split(sep).join('/');
    if (trace.files.includes(entry)) continue;
    trace.files.push(entry);
    trace.fileHashes?.push(await contentHash(file));
  }
  await writeFile(path, JSON.stringify(trace));
  return true;
}

/** Next does not check these, adapters compare them between builds: 128 bits in hex, as Turbopack's own. */
async function contentHash(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 32);
}
