import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../../e2e/package-tarball.ts';
import { step } from '../../e2e/progress.ts';
import { RIVALS, type Rival } from './contenders.ts';
import { reasonOf } from './reason-of.ts';

/** The folder that a rival is installed in, of its own. */
export const rivalFolder = (rival: Rival): string =>
  join(CACHE, 'bench', 'rivals', `${rival.replace(/\W+/g, '-')}-${RIVALS[rival]}`);

/** Brings those that are not there yet. Answers with the reason of each that cannot be installed or loaded here. */
export async function installRivals(): Promise<{ [rival in Rival]?: string }> {
  const missing: { [rival in Rival]?: string } = {};
  for (const rival of Object.keys(RIVALS) as Rival[]) {
    try {
      if (!existsSync(rivalFolder(rival))) await step(`installing ${rival} ${RIVALS[rival]}`, () => install(rival));
      execFileSync(process.execPath, ['-e', `require(${JSON.stringify(rival)})`], {
        cwd: rivalFolder(rival),
        stdio: 'pipe',
      });
    } catch (error) {
      missing[rival] = reasonOf(error);
    }
  }
  return missing;
}

async function install(rival: Rival): Promise<void> {
  const partial = `${rivalFolder(rival)}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  writeFileSync(
    join(partial, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [rival]: RIVALS[rival] } }),
  );
  const args = ['install', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', args, { cwd: partial, stdio: 'pipe' });
  renameSync(partial, rivalFolder(rival));
}
