import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A project whose Next, of that version, has begun to read the config of it. Gone when the test ends. */
export function projectWithNext(version: string): string {
  const project = mkdtempSync(join(tmpdir(), 'next-profiling-'));
  const next = join(project, 'node_modules', 'next');
  const reader = join(next, 'dist', 'server', 'config.js');
  mkdirSync(join(next, 'dist', 'server'), { recursive: true });
  writeFileSync(join(next, 'package.json'), JSON.stringify({ name: 'next', version }));
  writeFileSync(reader, '');
  const require = createRequire(reader);
  require(reader);
  onTestFinished(() => {
    delete require.cache[require.resolve(reader)];
    rmSync(project, { recursive: true });
  });
  return project;
}
