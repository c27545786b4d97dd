import { expect, test } from '@playwright/test';
import type { AppVariant } from './app-variant.ts';
import { buildInPlace, nextBuild, nextCli, prepareApp } from './build-app.ts';
import { runCommand } from './run-command.ts';
import { RunningApp } from './running-app.ts';

const GOOD: AppVariant = { name: 'next-16-turbopack', next: 16, bundler: 'turbopack' };
const WRONG: AppVariant = {
  ...GOOD,
  name: 'wrong-option',
  files: {
    'next.config.ts': `
import { withProfiling } from 'next-profiling/plugin';

export default withProfiling({ output: 'standalone' }, { target: 'linux-x64' as never });
`,
  },
};
const MESSAGE = "[next-profiling] unknown target 'linux-x64'; known targets: linux-x64-glibc, linux-x64-musl";

test('a wrong option fails next build and next dev, and says what is allowed', async () => {
  const { folder } = await prepareApp(WRONG);
  const build = await nextBuild(WRONG, folder);
  expect(build.code).not.toBe(0);
  expect(build.output).toContain(MESSAGE);
  const dev = await runCommand(process.execPath, [nextCli(folder), 'dev', '--port', '0'], { cwd: folder });
  expect(dev.code).not.toBe(0);
  expect(dev.output).toContain(MESSAGE);
});

test('a wrong option never keeps next start from serving', async () => {
  await buildInPlace(GOOD);
  const { folder } = await prepareApp(WRONG);
  const server = await RunningApp.start({
    cwd: folder,
    args: (port) => [nextCli(folder), 'start', '--port', String(port), '--hostname', '127.0.0.1'],
  });
  try {
    expect((await server.get('/api/light')).status).toBe(200);
  } finally {
    await server.stop();
  }
});
