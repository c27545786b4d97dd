import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { appOf } from '../bench-apps.ts';
import { CONTENDERS, isRival } from '../contenders.ts';
import { rivalFolder } from '../install-rivals.ts';
import type { Measure } from '../measure.ts';

/** What is deployed: the standalone output, and beside it the folder of a rival that is preloaded, which nothing traces. */
export const buildOutput: Measure = {
  name: 'build-output',
  says: 'bytes of what is deployed',
  contenders: CONTENDERS.filter((contender) => contender !== 'without attribution'),
  rounds: 1,
  seconds: 20,
  figures: [{ id: 'outputMb', says: 'what is deployed', unit: 'MB', base: 'nothing' }],
  async take(contender) {
    const { standalone } = await appOf(contender);
    const beside = isRival(contender) ? await bytesUnder(join(rivalFolder(contender), 'node_modules')) : 0;
    return { outputMb: (beside + (await bytesUnder(standalone))) / 1e6 };
  },
};

async function bytesUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => stat(join(parentPath, name)));
  return (await Promise.all(files)).reduce((sum, { size }) => sum + size, 0);
}
