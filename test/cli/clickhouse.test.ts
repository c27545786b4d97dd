import { execFile } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextChunk, inChunk } from '../collector/context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from '../collector/envelope-of.ts';
import { type ClickHouseEngine, startEngine } from '../store/clickhouse/engine.ts';
import { hasEngine } from '../store/clickhouse/engine-package.ts';
import { runCli, startCli, temporaryFolder } from './run-cli.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe.skipIf(!hasEngine)('with --store clickhouse://…', () => {
  let engine: ClickHouseEngine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  test('collect stores there, and the published top reads it without anything installed', async () => {
    const store = engine.address();
    const cli = startCli(['collect', '--port', '0', '--store', store]);
    const [, dsn = ''] = await cli.printed(/SENTRY_DSN=(\S+)/);
    expect(cli.stderr).toMatch(/into clickhouse:\/\/[^@\n]+$/m);
    const request = requestSpan('/a', 0, 1);
    const chunk = contextChunk([
      [0, ['burn'], inChunk(request), 30],
      [0.5, ['burn'], inChunk(request), 12],
    ]);
    const response = await fetch(`${new URL(dsn).origin}/api/1/envelope/?sentry_key=public`, {
      method: 'POST',
      body: envelopeOf(chunkItem(chunk), spanItem(request)) as BodyInit,
    });
    expect(response.status).toBe(200);
    cli.child.kill('SIGINT');
    expect(await cli.ended).toBe(0);

    const folder = temporaryFolder();
    for (const name of readdirSync(join(ROOT, 'dist')).filter((file) => file.endsWith('.js'))) {
      cpSync(join(ROOT, 'dist', name), join(folder, 'dist', name));
    }
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    const args = [join(folder, 'dist', 'cli.js'), 'top', '--json', '--store', store];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    expect(JSON.parse(stdout).routes).toMatchObject([{ route: '/a', requests: 1, cpuMs: 42 }]);
  });

  test('an address that cannot be read is wrong usage, and its password is not shown', async () => {
    const { code, stderr } = await runCli(['top', '--store', 'clickhouse://me:secret@host/db?days=3']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/unknown parameter 'days'.*retention_days.*\(NP_OPTION\)/);
    expect(stderr).not.toContain('secret');
  });
});
