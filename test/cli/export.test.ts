import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { requestOf } from '../store/span-of.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

const PROFILER = newId();

async function storeIn(folder: string): Promise<void> {
  const store = await openSqliteStore(join(folder, '.next-profiling', 'profiles.db'));
  const chunk = chunkOf(
    [
      [0, ['burn', 'main']],
      [0.5, ['main']],
      [1, []],
    ],
    { profiler_id: PROFILER },
  );
  chunk.profile.thread_metadata = { '0': { name: 'main' } };
  const spans = [requestOf('/a/[id]', 0, 2, { profilerId: PROFILER })];
  await store.write({ chunks: [{ projectId: '1', startMicros: T0 * 1e6, endMicros: (T0 + 1) * 1e6, chunk }], spans });
  await store.close();
}

test('export writes a file named after what is in it, and prints its name', async () => {
  const cwd = temporaryFolder();
  await storeIn(cwd);
  expect(await runCli(['export', '--format', 'speedscope', '--route', '/a/[id]'], { cwd })).toMatchObject({
    code: 0,
    stdout: 'a-id.speedscope.json\n',
  });
  const file = JSON.parse(readFileSync(join(cwd, 'a-id.speedscope.json'), 'utf8'));
  expect(file.profiles).toMatchObject([{ name: 'main', weights: [500_000, 500_000], unit: 'microseconds' }]);
});

test('export writes to stdout and to a given file', async () => {
  const cwd = temporaryFolder();
  await storeIn(cwd);
  const { code, stdout } = await runCli(['export', '--format', 'cpuprofile', '--output', '-'], { cwd });
  expect([code, JSON.parse(stdout).endTime]).toEqual([0, 1_000_000]);
  const args = ['export', '--format', 'pprof', '--session', PROFILER.toUpperCase(), '--output', 'x.pb.gz'];
  expect((await runCli(args, { cwd })).code).toBe(0);
  expect(Profile.decode(gunzipSync(readFileSync(join(cwd, 'x.pb.gz')))).sample).toHaveLength(2);
});

test('export of nothing ends with 1, into nowhere with 3', async () => {
  const cwd = temporaryFolder();
  await storeIn(cwd);
  expect(await runCli(['export', '--format', 'pprof', '--trace', newId()], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no sample'),
  });
  expect(await runCli(['export', '--format', 'pprof', '--output', 'no/such/folder'], { cwd })).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/'no\/such\/folder' cannot be written.*--output \(NP_OUTPUT\)/),
  });
});

test('top --by block says which chunks it would need', async () => {
  const cwd = temporaryFolder();
  await storeIn(cwd);
  expect(await runCli(['top', '--by', 'block'], { cwd })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('needs Node 24 or newer'),
  });
});
