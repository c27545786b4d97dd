import { relative } from 'node:path';
import { PREFIX } from '../src/errors.ts';
import { copyEngine } from './copy-engine.ts';
import { traceFiles } from './tracing.ts';

/** What Next tells about the build that has just compiled. Both are absolute paths. */
export interface CompiledBuild {
  projectDir: string;
  distDir: string;
}

/** Makes the compiled build self-contained, and says what it added. Throws where that is impossible. */
export async function deliver({ projectDir, distDir }: CompiledBuild, targets: readonly string[]): Promise<void> {
  const { files, bytes } = await copyEngine(distDir, targets);
  const folder = relative(projectDir, distDir) || distDir;
  console.log(
    `${PREFIX} copied the engine and the binary for ${targets.join(', ')} (${bytes} bytes) to ${folder}/next-profiling`,
  );
  if (!(await traceFiles(distDir, files))) {
    console.warn(
      `${PREFIX} the app has no instrumentation file, so nothing starts the profiler; see the README, step 2`,
    );
  }
}
