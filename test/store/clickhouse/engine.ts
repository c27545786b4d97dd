import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readAddress } from '../../../src/store/clickhouse/address.ts';
import { enginePackage } from './engine-package.ts';

/** Something that speaks ClickHouse's HTTP interface. */
export interface ClickHouseEngine {
  /** What `--store` takes: a database of its own each time it is asked for. */
  address(): string;
  /** Asks it directly. */
  ask(sql: string): Promise<string>;
  stop(): Promise<void>;
}

/** A real server to run the suite on instead: `clickhouse://USER:PASSWORD@HOST:PORT`, which may create and drop databases. */
const SERVER = process.env.NEXT_PROFILING_TEST_CLICKHOUSE;

interface EngineOptions {
  /** What is named `profiles` is a cluster of one shard: the engine itself. */
  cluster?: boolean;
  /** A configuration file of the server's. */
  configuration?: string;
}

const ONE_SHARD = join(import.meta.dirname, 'one-shard.xml');
const PLACE = { CLICKHOUSE_SHARD: '2', CLICKHOUSE_REPLICA: 'b', CLICKHOUSE_CLUSTER_SECRET: 'secret' };

/** The engine in a process of its own. */
export async function startEngine(options: EngineOptions = {}): Promise<ClickHouseEngine> {
  if (SERVER !== undefined && options.configuration === undefined) return atServer(SERVER, async () => {});
  const data = mkdtempSync(join(tmpdir(), 'next-profiling-clickhouse-'));
  const file = options.configuration ?? (options.cluster ? ONE_SHARD : undefined);
  const child = fork(
    join(import.meta.dirname, 'serve-engine.ts'),
    [enginePackage(), data, ...(file === undefined ? [] : [file])],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], env: { ...process.env, ...PLACE } },
  );
  const port = await portOf(child);
  return atServer(`clickhouse://127.0.0.1:${port}${options.cluster ? '?cluster=profiles' : ''}`, async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(data, { recursive: true, force: true });
  });
}

function atServer(server: string, stop: () => Promise<void>): ClickHouseEngine {
  const databases: string[] = [];
  const { url, user, password } = readAddress(server);
  const ask = async (sql: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const response = await fetch(url, { method: 'POST', body: sql, headers: { authorization } });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text.trim();
  };
  return {
    ask,
    address: () => {
      const address = new URL(server);
      address.pathname = `np_${randomUUID().replaceAll('-', '')}`;
      databases.push(address.pathname.slice(1));
      return address.href;
    },
    stop: async () => {
      if (SERVER !== undefined) for (const database of databases) await ask(`DROP DATABASE IF EXISTS ${database} SYNC`);
      await stop();
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the engine has no stdout');
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the engine ended with ${code}`)));
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  return Number(line);
}
