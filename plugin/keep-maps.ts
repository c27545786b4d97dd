import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CompiledBuild } from './compiled-build.ts';
import { keptMap } from './kept-map.ts';
import { OUR_MAP, type ServerScript, serverScripts } from './server-scripts.ts';
import type { TextOffset } from './text-offset.ts';

/** Beside the collector's store and outside of the output, which people ship: a map holds the app's sources. */
export const MAPS_FOLDER = '.next-profiling/maps';

/** Beyond this the maps of older builds go. */
const MOST_BYTES = 512 * 1024 * 1024;
/** No reader takes larger ones: `src/symbolicate/map-folder.ts`. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** Debug ids by the names of scripts: see `ServerScript`. */
export type DebugIds = Record<string, string>;

/**
 * Keeps the source map of each script as `<debug id>.map`, and those of earlier builds, whose profiles may still be
 * looked at. Rejects where nothing can be written; a map that cannot be read is left out.
 */
export async function keepMaps(build: CompiledBuild): Promise<DebugIds> {
  const scripts = await serverScripts(build);
  if (scripts.length === 0) return {};
  const folder = join(build.projectDir, MAPS_FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFile(join(dirname(folder), '.gitignore'), '*\n', { flag: 'wx' }).catch(() => {});
  const ids: DebugIds = {};
  for (const script of scripts) {
    const id = await keepMap(script, folder, build.projectDir).catch(() => undefined);
    if (id !== undefined) ids[script.name] = id;
    if (script.map.endsWith(OUR_MAP)) await rm(script.map, { force: true });
    if (script.offset) await rm(script.offset, { force: true });
  }
  await makeRoom(folder, new Set(Object.values(ids)));
  return ids;
}

async function keepMap(
  { script, map, offset }: ServerScript,
  folder: string,
  projectDir: string,
): Promise<string | undefined> {
  if ((await stat(map)).size > LARGEST_BYTES) return undefined;
  const [code, text] = await Promise.all([readFile(script, 'utf8'), readFile(map, 'utf8')]);
  const moved = offset && (JSON.parse(await readFile(offset, 'utf8')) as TextOffset | null);
  // What was rewritten after its map was made has none.
  if (moved === null) return undefined;
  const kept = keptMap(code, text, { folder: dirname(map), projectDir }, moved || undefined);
  if (kept === undefined) return undefined;
  await writeFile(join(folder, `${kept.id}.map`), kept.text);
  return kept.id;
}

/** Removes the oldest maps that are not this build's. */
async function makeRoom(folder: string, used: ReadonlySet<string>): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.map'));
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { name, size, mtimeMs };
    }),
  );
  let bytes = 0;
  for (const { name, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    bytes += size;
    if (bytes > MOST_BYTES && !used.has(name.slice(0, -'.map'.length))) await rm(join(folder, name), { force: true });
  }
}
