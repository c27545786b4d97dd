import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { hasBinary } from '../native/target.ts';
import { messageOf, PREFIX } from '../src/errors.ts';
import type { CompiledBuild } from './compiled-build.ts';
import { copyEngine, DEBUG_IDS, OUTPUT_FOLDER } from './copy-engine.ts';
import { keepMaps, MAPS_FOLDER } from './keep-maps.ts';
import type { PluginSettings } from './options.ts';
import { traceFiles } from './tracing.ts';

/** Makes the compiled build self-contained, and says what it added. Throws where that is impossible. */
export async function deliver(build: CompiledBuild, settings: PluginSettings): Promise<void> {
  const { projectDir, distDir } = build;
  const { files, bytes } = await copyEngine(distDir, settings.targets);
  const maps = settings.readableFrames ? await deliverDebugIds(build, files) : 0;
  const folder = relative(projectDir, distDir) || distDir;
  const kept = maps > 0 ? `, and kept ${maps} source maps in ${MAPS_FOLDER}` : '';
  const what = whatFor(settings.targets);
  console.log(`${PREFIX} copied ${what} (${bytes} bytes) to ${folder}/next-profiling${kept}`);
  if (!(await traceFiles(distDir, files))) {
    console.warn(
      `${PREFIX} the app has no instrumentation file, so nothing starts the profiler; see the README, step 2`,
    );
  }
}

function whatFor(targets: readonly string[]): string {
  const withBinary = targets.filter(hasBinary);
  const without = targets.filter((target) => !hasBinary(target));
  const binaries = withBinary.length > 0 ? ` and the binary for ${withBinary.join(', ')}` : '';
  const fallback = `, which profiles through node:inspector on ${without.join(', ')}`;
  return `the engine${binaries}${without.length > 0 ? fallback : ''}`;
}

/** Puts beside the engine which map is whose. Returns how many there are. A build without them still profiles. */
async function deliverDebugIds(build: CompiledBuild, files: string[]): Promise<number> {
  try {
    const ids = await keepMaps(build);
    const count = Object.keys(ids).length;
    if (count === 0) return 0;
    const file = join(build.distDir, OUTPUT_FOLDER, DEBUG_IDS);
    await writeFile(file, JSON.stringify(ids));
    files.push(file);
    return count;
  } catch (error) {
    console.warn(`${PREFIX} no source maps are kept, so frames stay as they are built: ${messageOf(error)}`);
    return 0;
  }
}
