import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeBinary, SUPPORTED_NODE_VERSIONS } from './node-versions.ts';

const DIST = join(import.meta.dirname, '..', 'dist');
const PROBE = join(import.meta.dirname, 'fixtures', 'inert-import.mjs');

/** What each built entry exports; the engine also leaves the one symbol that makes it the only one. */
const ENTRIES = [
  { name: 'index.js', exports: ['ProfilingIntegration', 'nodeProfilingIntegration', 'profiler', 'profilingStatus'] },
  { name: 'index.cjs', exports: ['ProfilingIntegration', 'nodeProfilingIntegration', 'profiler', 'profilingStatus'] },
  {
    name: 'index.edge.js',
    exports: ['ProfilingIntegration', 'nodeProfilingIntegration', 'profiler', 'profilingStatus'],
  },
  {
    name: 'index.edge.cjs',
    exports: ['ProfilingIntegration', 'nodeProfilingIntegration', 'profiler', 'profilingStatus'],
  },
  { name: 'plugin.js', exports: ['withProfiling'] },
  { name: 'plugin.cjs', exports: ['withProfiling'] },
  { name: 'wrap-loader.cjs', exports: [] },
  { name: 'engine.cjs', exports: ['engine'], globals: ['Symbol(next-profiling.engine)'] },
];

function importAlone(file: string, node = process.execPath) {
  const child = spawnSync(node, [PROBE, file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: 20_000,
  });
  return {
    ended: child.error === undefined ? child.status : String(child.error),
    printed: child.stdout + child.stderr,
    ...(child.output[3] ? JSON.parse(child.output[3]) : {}),
  };
}

describe.each(SUPPORTED_NODE_VERSIONS)('on Node %s, importing', (version) => {
  test.each(ENTRIES)('$name does nothing', ({ name, exports, globals = [] }) => {
    expect(importAlone(join(DIST, name), nodeBinary(version))).toEqual({
      ended: 0,
      printed: '',
      error: null,
      exports,
      did: [],
      envChanged: false,
      globalsAdded: globals,
      resourcesAdded: [],
      listenersAdded: [],
      builtinsPatched: false,
    });
  });
});

describe('the probe', () => {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-probe-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const importing = (code: string) => {
    const file = join(folder, `${code.length}-${Math.random().toString(36).slice(2)}.mjs`);
    writeFileSync(file, code);
    return importAlone(file);
  };

  test.each([
    ['process.dlopen', "process.dlopen({ exports: {} }, 'a.node');"],
    ['fs.readFileSync', "import { readFileSync } from 'node:fs'; readFileSync('/etc/hosts');"],
    ['fs.existsSync', "import { existsSync } from 'node:fs'; existsSync('prebuilds');"],
    ['fs.writeFileSync', "import { writeFileSync } from 'node:fs'; try { writeFileSync('/', ''); } catch {}"],
    ['net.Server.listen', "import { createServer } from 'node:http'; createServer().listen(0).unref();"],
    ['child_process.spawn', "import { spawn } from 'node:child_process'; spawn('true').unref();"],
    ['globalThis.setInterval', 'setInterval(() => {}, 1000).unref();'],
    ['v8.setFlagsFromString', "import { setFlagsFromString } from 'node:v8'; setFlagsFromString('--expose-gc');"],
  ])('sees %s', (call, code) => {
    expect(importing(code).did).toContain(call);
  });

  test('sees changes of the environment, of globals, listeners and builtins, and output', () => {
    expect(importing("process.env.LEFT = '1';")).toMatchObject({ envChanged: true });
    expect(importing("globalThis[Symbol.for('left')] = 1;")).toMatchObject({ globalsAdded: ['Symbol(left)'] });
    expect(importing("process.on('SIGTERM', () => {});")).toMatchObject({ listenersAdded: ['SIGTERM 1'] });
    expect(importing('Error.stackTraceLimit = 50;')).toMatchObject({ builtinsPatched: true });
    expect(importing("console.warn('hello');")).toMatchObject({ printed: 'hello\n' });
  });

  test('sees what keeps a process alive', () => {
    const left = importing('setTimeout(() => {}, 300);');
    expect(left).toMatchObject({ resourcesAdded: ['Timeout'] });
  });
});
