import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export interface Load {
  /** How long each request took, milliseconds; of an open loop from when it was due. */
  readonly tookMs: readonly number[];
  readonly seconds: number;
}

/** Clients that each send their next request when the last one is answered. */
export async function closedLoop(origin: string, path: string, clients: number, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const tookMs: number[] = [];
  const from = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - from < seconds * 1000) {
      const asked = performance.now();
      await ask(`${origin}${path}`, agent);
      tookMs.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: clients }, client)).finally(() => agent.destroy());
  return { tookMs, seconds: (performance.now() - from) / 1000 };
}

/** Requests at fixed times, whether or not earlier ones were answered: a server that stalls makes all that wait late. */
export async function openLoop(
  origin: string,
  paths: readonly string[],
  perSecond: number,
  seconds: number,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true });
  const tookMs: number[] = [];
  const asked: Promise<void>[] = [];
  const from = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = from + (1000 * index) / perSecond;
    if (due > performance.now()) await wait(due - performance.now());
    const path = paths[index % paths.length];
    asked.push(ask(`${origin}${path}`, agent).then(() => void tookMs.push(performance.now() - due)));
  }
  await Promise.all(asked).finally(() => agent.destroy());
  return { tookMs, seconds: (performance.now() - from) / 1000 };
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    });
    request.once('error', reject);
  });
}
