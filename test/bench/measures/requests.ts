import { type Deployment, deploy } from '../../../e2e/deployment.ts';
import { appOf } from '../bench-apps.ts';
import { environmentOf } from '../contender-environment.ts';
import { CONTENDERS, type Contender } from '../contenders.ts';
import { quantile } from '../figures.ts';
import { closedLoop, type Load, openLoop } from '../load.ts';
import type { Measure } from '../measure.ts';
import { NextServer } from '../next-server.ts';
import { Receiver } from '../receiver.ts';

const CLIENTS = 8;
const PATHS = { light: '/api/light', page: '/blog/hello' } as const;
const CLOSED_SECONDS = 5;
const OPEN_SECONDS = 6;
/** Of what the server without a profiler can do. */
const OPEN_SHARE = 0.4;

/** Requests per second of the open loop: the same for all. */
let openRate = 0;

const LIGHT = 'an API route of 1 ms';
const PAGE = 'a page of 10 ms';
const base = 'nothing';

/** The example app, standalone, a fresh server for each contender and round. */
export const requests: Measure = {
  name: 'requests',
  says: 'the example app under load: throughput, CPU, latency, start-up, memory',
  contenders: CONTENDERS,
  rounds: 3,
  seconds: 21,
  figures: [
    { id: 'lightPerSecond', says: `requests per second, ${LIGHT}`, unit: 'per s', base },
    { id: 'pagePerSecond', says: `requests per second, ${PAGE}`, unit: 'per s', base },
    { id: 'lightCpuMs', says: `CPU per request, ${LIGHT}`, unit: 'ms', base },
    { id: 'pageCpuMs', says: `CPU per request, ${PAGE}`, unit: 'ms', base },
    { id: 'pageP50Ms', says: `p50 of ${PAGE}, closed loop of ${CLIENTS}`, unit: 'ms', base },
    { id: 'pageP99Ms', says: `p99 of ${PAGE}, closed loop of ${CLIENTS}`, unit: 'ms', base },
    { id: 'openP50Ms', says: `p50 of both, open loop at ${100 * OPEN_SHARE} % of capacity`, unit: 'ms', base },
    { id: 'openP99Ms', says: `p99 of both, open loop at ${100 * OPEN_SHARE} % of capacity`, unit: 'ms', base },
    { id: 'startMs', says: 'start of the process to its first answer', unit: 'ms', base },
    { id: 'rssMb', says: 'RSS afterwards', unit: 'MB', base },
  ],
  async prepare() {
    for (const contender of CONTENDERS) await appOf(contender);
    openRate = await withServer('nothing', async (server) => {
      await warmUp(server);
      return OPEN_SHARE * (await capacity(server));
    });
  },
  take: (contender) => withServer(contender, measure),
};

async function withServer<T>(contender: Contender, use: (server: NextServer) => Promise<T>): Promise<T> {
  const receiver = await Receiver.listen();
  let deployment: Deployment | undefined;
  try {
    deployment = await deploy(await appOf(contender));
    const env = environmentOf(contender, receiver, { preload: ['probe.cjs'] });
    const server = await NextServer.start(deployment.server, env);
    return await use(server).finally(() => server.stop());
  } finally {
    await receiver.close();
    await deployment?.remove();
  }
}

async function warmUp({ origin }: NextServer): Promise<void> {
  for (const path of Object.values(PATHS)) await closedLoop(origin, path, CLIENTS, 1.5);
}

/** Requests per second, of both kinds in turns. */
async function capacity({ origin }: NextServer): Promise<number> {
  const loads = await Promise.all(Object.values(PATHS).map((path) => closedLoop(origin, path, 1, 3)));
  const seconds = loads.map((load) => quantile(load.tookMs, 0.5) / 1000);
  return seconds.length / seconds.reduce((sum, each) => sum + each, 0);
}

async function measure(server: NextServer): Promise<Record<string, number>> {
  const { origin, startMs } = server;
  await warmUp(server);
  const measured: Record<string, number> = { startMs };
  for (const [name, path] of Object.entries(PATHS)) {
    const before = await server.usage();
    const load = await closedLoop(origin, path, CLIENTS, CLOSED_SECONDS);
    const after = await server.usage();
    measured[`${name}PerSecond`] = load.tookMs.length / load.seconds;
    measured[`${name}CpuMs`] = (after.cpuMicros - before.cpuMicros) / 1000 / load.tookMs.length;
    addLatencies(measured, name, load);
  }
  addLatencies(measured, 'open', await openLoop(origin, Object.values(PATHS), openRate, OPEN_SECONDS));
  measured.rssMb = (await server.usage()).rssBytes / 1e6;
  return measured;
}

function addLatencies(measured: Record<string, number>, name: string, { tookMs }: Load): void {
  measured[`${name}P50Ms`] = quantile(tookMs, 0.5);
  measured[`${name}P99Ms`] = quantile(tookMs, 0.99);
}
