import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { enginePackage } from './engine-package.ts';

/** ClickHouse's engine behind its HTTP interface, in a process of its own. */
export interface ClickHouseEngine {
  /** What `--store` takes; a database of its own each time it is asked for. */
  address(): string;
  port: number;
  /** Asks it directly. */
  ask(sql: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startEngine(): Promise<ClickHouseEngine> {
  const data = mkdtempSync(join(tmpdir(), 'next-profiling-clickhouse-'));
  const child = fork(join(import.meta.dirname, 'serve-engine.ts'), [enginePackage(), data], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const port = await portOf(child);
  let databases = 0;
  return {
    port,
    address: () => `clickhouse://127.0.0.1:${port}/np_${databases++}`,
    ask: async (sql) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: sql });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return text;
    },
    stop: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the engine has no stdout');
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the engine ended with ${code}`)));
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  return Number(line);
}
