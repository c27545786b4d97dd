/**
 * What attribution costs a server: the example app, standalone, under a closed loop of eight on `/api/light`, with
 * attribution on and off in turns. Prints requests per second and CPU per request as ratios on : off, and off : off for the
 * noise. Two servers with the same settings differ by more than is to be seen (compilation, memory layout), for as long
 * as they live: so each ratio is that of two fresh servers, which take turns of a second or less, and there are many of
 * them. Server and client have a core each if the machine lets them. argv: pairs of servers (16), turns of each (8), seconds
 * of a turn (0.5).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { buildApp } from '../../e2e/build-app.ts';
import { deploy } from '../../e2e/deployment.ts';
import { RunningApp } from '../../e2e/running-app.ts';
import { Sink } from '../sink.ts';

const CLIENTS = 8;
const WARM_UP_SECONDS = 4;
const [serverPairs, turns, seconds] = [16, 8, 0.5].map((standard, index) =>
  Number(process.argv[2 + index] ?? standard),
) as [number, number, number];

interface Figures {
  /** Requests per second. */
  throughput: number;
  /** Microseconds, of the server's main thread. */
  cpuPerRequest: number;
}

type Setting = 'auto' | 'off';

const sink = await Sink.listen();
const deployment = await deploy(await buildApp({ name: 'next-16-turbopack', next: 16, bundler: 'turbopack' }));

/** CPU time of a process's main thread, microseconds; exact to the nanosecond, unlike what `stat` tells in ticks. */
function cpuMicros(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
}

async function load(origin: string, forSeconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const end = performance.now() + forSeconds * 1000;
  let answered = 0;
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = get(`${origin}/api/light`, { agent }, (response) => response.resume().once('end', resolve));
      request.once('error', reject);
    });
  const client = async (): Promise<void> => {
    for (; performance.now() < end; answered++) await ask();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client)).finally(() => agent.destroy());
  return answered;
}

/** Keeps all threads of a process on one core. */
function pin(pid: number, core: number): void {
  spawnSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
}

/** A server of its own for each setting, so that each pair compares two that have run as long. */
async function start(setting: Setting): Promise<{ server: RunningApp; origin: string }> {
  let origin = '';
  const server = await RunningApp.start({
    cwd: deployment.server,
    args: (port) => {
      origin = `http://127.0.0.1:${port}`;
      return ['server.js'];
    },
    env: { SENTRY_DSN: sink.dsn, NEXT_PROFILING_ATTRIBUTION: setting },
  });
  pin(server.pid, 0);
  await load(origin, WARM_UP_SECONDS);
  return { server, origin };
}

async function measure({ server, origin }: { server: RunningApp; origin: string }): Promise<Figures> {
  sink.items.length = 0;
  const [before, startedMs] = [cpuMicros(server.pid), performance.now()];
  const answered = await load(origin, seconds);
  const tookSeconds = (performance.now() - startedMs) / 1000;
  return { throughput: answered / tookSeconds, cpuPerRequest: (cpuMicros(server.pid) - before) / answered };
}

const quantile = (values: number[], share: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.round((sorted.length - 1) * share)] as number;
};

/** The ratios of one pair of fresh servers: the median over their turns. */
async function ratiosOf(settings: readonly [Setting, Setting], startSecondFirst: boolean): Promise<Figures> {
  const order = startSecondFirst ? ([1, 0] as const) : ([0, 1] as const);
  const servers: Awaited<ReturnType<typeof start>>[] = [];
  for (const index of order) servers[index] = await start(settings[index]);
  const ratios = { throughput: [] as number[], cpuPerRequest: [] as number[] };
  try {
    for (let turn = 0; turn < turns; turn++) {
      const figures: Figures[] = [];
      for (const index of turn % 2 ? ([1, 0] as const) : ([0, 1] as const)) {
        figures[index] = await measure(servers[index] as (typeof servers)[number]);
      }
      const [first, second] = figures as [Figures, Figures];
      ratios.throughput.push(first.throughput / second.throughput);
      ratios.cpuPerRequest.push(first.cpuPerRequest / second.cpuPerRequest);
    }
  } finally {
    for (const { server } of servers) await server.stop();
  }
  return { throughput: quantile(ratios.throughput, 0.5), cpuPerRequest: quantile(ratios.cpuPerRequest, 0.5) };
}

/** Both comparisons take turns, too, so that a slow minute of the machine is in both. */
const COMPARED: readonly (readonly [Setting, Setting])[] = [
  ['auto', 'off'],
  ['off', 'off'],
];

function report(settings: readonly [Setting, Setting], pairs: readonly Figures[]): void {
  for (const what of ['throughput', 'cpuPerRequest'] as const) {
    const values = pairs.map((pair) => pair[what]);
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toFixed(4));
    const of = `of ${values.length} pairs of servers`;
    console.log(`${settings.join(' : ')}, ${what}: median ${middle}, quartiles ${low} to ${high}, ${of}`);
  }
}

async function compareAll(): Promise<void> {
  const pairs = COMPARED.map((): Figures[] => []);
  for (let pair = 0; pair < serverPairs; pair++) {
    for (const [index, settings] of COMPARED.entries()) {
      const ratios = await ratiosOf(settings, pair % 2 === 1);
      pairs[index]?.push(ratios);
      const [throughput, cpu] = [ratios.throughput.toFixed(4), ratios.cpuPerRequest.toFixed(4)];
      console.log(
        `${pair + 1}/${serverPairs} ${settings.join(' : ')}: throughput ${throughput}, CPU per request ${cpu}`,
      );
    }
  }
  for (const [index, settings] of COMPARED.entries()) report(settings, pairs[index] ?? []);
}

pin(process.pid, 1);
try {
  await compareAll();
} finally {
  sink.close();
  await deployment.remove();
}
