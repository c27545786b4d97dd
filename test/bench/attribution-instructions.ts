/**
 * What attribution costs a server, in instructions: the example app, standalone, under callgrind, with attribution on and
 * off in turns, a closed loop of eight on `/api/light`. Counts do not depend on how busy the machine is. Prints instructions
 * per request and their ratios. The sampling interval is as much longer as the program is slower, so that a request gets
 * as many samples as it does in life. argv: pairs (3), requests counted of each server (1000), requests before that (3000).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attributionApp } from '../../e2e/attribution-app.ts';
import { buildApp } from '../../e2e/build-app.ts';
import { deploy } from '../../e2e/deployment.ts';
import { RunningApp } from '../../e2e/running-app.ts';
import { Sink } from '../sink.ts';

const CLIENTS = 8;
const SLOWER = 50;
const INTERVAL_MICROS = 10_101 * SLOWER;

const numberAt = (index: number, standard: number): number => Number(process.argv[2 + index] ?? standard);
const [pairs, counted, before] = [numberAt(0, 3), numberAt(1, 1_000), numberAt(2, 3_000)];

type Setting = 'auto' | 'off';

const sink = await Sink.listen();
const deployment = await deploy(await buildApp(attributionApp('turbopack')));

async function load(origin: string, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  let asked = 0;
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = get(`${origin}/api/light`, { agent }, (response) => response.resume().once('end', resolve));
      request.once('error', reject);
    });
  const client = async (): Promise<void> => {
    while (asked++ < requests) await ask();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client)).finally(() => agent.destroy());
}

/** Instructions per request of a fresh server. */
async function count(setting: Setting): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'instructions-'));
  const out = join(folder, 'callgrind.out');
  let origin = '';
  const server = await RunningApp.start({
    program: 'valgrind',
    cwd: deployment.server,
    args: (port) => {
      origin = `http://127.0.0.1:${port}`;
      const options = ['--smc-check=all-non-file', '--instr-atstart=no', `--callgrind-out-file=${out}`];
      return ['--tool=callgrind', '-q', ...options, process.execPath, 'server.js'];
    },
    env: {
      SENTRY_DSN: sink.dsn,
      NEXT_PROFILING_ATTRIBUTION: setting,
      KEEP_ALIVE_TIMEOUT: '600000',
      PROFILING: JSON.stringify({ samplingIntervalMicros: INTERVAL_MICROS, maxOverhead: 1 }),
    },
  });
  try {
    await load(origin, before);
    control(server.pid, '-i', 'on');
    await load(origin, counted);
    control(server.pid, '-i', 'off');
    control(server.pid, '-d');
    const instructions = total(folder);
    if (instructions === 0) throw new Error('callgrind counted nothing');
    return instructions / counted;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function control(pid: number, ...args: string[]): void {
  // Valgrind names its pipe by this variable, which the server was given.
  const env = { ...process.env, HOSTNAME: '127.0.0.1' };
  execFileSync('callgrind_control', [...args, String(pid)], { stdio: 'ignore', env });
}

/** Of all files that callgrind wrote. */
function total(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => {
    const totals = /^totals: (\d+)/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1];
    return sum + Number(totals ?? 0);
  }, 0);
}

try {
  for (let pair = 0; pair < pairs; pair++) {
    const figures = { auto: 0, off: 0 };
    for (const setting of pair % 2 ? (['auto', 'off'] as const) : (['off', 'auto'] as const)) {
      figures[setting] = await count(setting);
      sink.items.length = 0;
      console.log(`${setting}: ${Math.round(figures[setting])} instructions per request`);
    }
    console.log(`${pair + 1}/${pairs} auto : off ${(figures.auto / figures.off).toFixed(4)}`);
  }
} finally {
  sink.close();
  await deployment.remove();
}
