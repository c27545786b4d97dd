/**
 * What attribution costs a server: the example app, standalone, under a closed loop of eight on `/api/light`, with
 * attribution on and off in turns. Prints requests per second and CPU per request as ratios on : off of each pair, and
 * off : off for the noise. Runs are short and many, since a small machine's speed drifts by more than is to be seen, and
 * server and client have a core each if the machine lets them. argv: pairs (60), seconds of each run (1).
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
const [pairs = '60', seconds = '1'] = process.argv.slice(2);

interface Figures {
  /** Requests per second. */
  throughput: number;
  /** Microseconds, of all threads of the server. */
  cpuPerRequest: number;
}

type Setting = 'auto' | 'off';

const sink = await Sink.listen();
const deployment = await deploy(await buildApp({ name: 'next-16-turbopack', next: 16, bundler: 'turbopack' }));

/** CPU time of a process, microseconds; the kernel tells it in ticks of a hundredth of a second. */
function cpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 1e4;
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
  const answered = await load(origin, Number(seconds));
  const tookSeconds = (performance.now() - startedMs) / 1000;
  return { throughput: answered / tookSeconds, cpuPerRequest: (cpuMicros(server.pid) - before) / answered };
}

const quantile = (values: number[], share: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.round((sorted.length - 1) * share)] as number;
};

async function compare(one: Setting, other: Setting): Promise<void> {
  const servers = [await start(one), await start(other)] as const;
  const ratios = { throughput: [] as number[], cpuPerRequest: [] as number[] };
  try {
    for (let pair = 0; pair < Number(pairs); pair++) {
      const figures: Figures[] = [];
      for (const index of pair % 2 ? ([1, 0] as const) : ([0, 1] as const)) {
        figures[index] = await measure(servers[index]);
      }
      const [first, second] = figures as [Figures, Figures];
      ratios.throughput.push(first.throughput / second.throughput);
      ratios.cpuPerRequest.push(first.cpuPerRequest / second.cpuPerRequest);
    }
  } finally {
    for (const { server } of servers) await server.stop();
  }
  for (const [what, values] of Object.entries(ratios)) {
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toFixed(4));
    console.log(`${one} : ${other}, ${what}: median ${middle}, quartiles ${low} to ${high}, of ${values.length} pairs`);
  }
}

pin(process.pid, 1);
try {
  await compare('auto', 'off');
  await compare('off', 'off');
} finally {
  sink.close();
  await deployment.remove();
}
