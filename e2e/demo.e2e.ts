import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT } from './package-tarball.ts';
import { mustRun } from './run-command.ts';

test('the demo ends with a route table that /api/busy leads, and its functions, which burnCpu leads', async () => {
  const output = await mustRun(process.execPath, [join(ROOT, 'e2e', 'demo.ts')], { cwd: ROOT });
  const rowAfter = (header: RegExp): string[] => {
    const lines = output.split('\n');
    const at = lines.findIndex((line) => header.test(line));
    expect(at, output).toBeGreaterThan(-1);
    return (lines[at + 1] ?? '').trim().split(/\s+/);
  };
  const [route, requests, cpuMsPerRequest] = rowAfter(/^route\s+requests\s+ms\/req/);
  expect(route).toBe('/api/busy');
  expect(Number(requests)).toBeGreaterThan(50);
  // Each burns 40 ms; requests in flight together share what neither alone was seen to do.
  expect(Number(cpuMsPerRequest)).toBeGreaterThan(20);
  expect(rowAfter(/^function\s+self ms/)[0]).toBe('burnCpu');
});
