import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { StatusAnswer } from '../../src/collector/api-types.ts';
import { loadSqlite } from '../../src/store/load-sqlite.ts';
import { type Cli, startCli, temporaryFolder } from '../cli/run-cli.ts';
import { type Answer, type Delivery, send } from './delivery.ts';
import { heapOf } from './heap-of.ts';

const MIB = 1024 * 1024;

/** `next-profiling collect` as a process of its own, with its store open beside it. */
export class FuzzedCollector {
  readonly maps: string;
  readonly database: DatabaseSync;
  /** What it was brought last, for the message. */
  lastCase = '';
  readonly #cli: Cli;
  readonly #port: number;
  readonly #inspectorUrl: string;

  static async start(): Promise<FuzzedCollector> {
    const folder = temporaryFolder();
    const cli = startCli(['collect', '--port', '0', '--store', 'profiles.db', '--maps', 'maps'], {
      cwd: folder,
      env: { NODE_OPTIONS: '--inspect=127.0.0.1:0' },
    });
    const [, port] = await cli.printed(/collecting at http:\/\/127\.0\.0\.1:(\d+) /);
    const [, inspectorUrl = ''] = await cli.printed(/Debugger listening on (\S+)/);
    const { DatabaseSync } = await loadSqlite();
    const database = new DatabaseSync(join(folder, 'profiles.db'), { readOnly: true });
    return new FuzzedCollector(cli, Number(port), inspectorUrl, database, join(folder, 'maps'));
  }

  private constructor(cli: Cli, port: number, inspectorUrl: string, database: DatabaseSync, maps: string) {
    this.#cli = cli;
    this.#port = port;
    this.#inspectorUrl = inspectorUrl;
    this.database = database;
    this.maps = maps;
  }

  send(delivery: Omit<Delivery, 'what'>): Promise<Answer> {
    return send(this.#port, delivery).catch((error) => this.#fail(delivery.path, error));
  }

  async get(path: string): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.#port}${path}`).catch((error) => this.#fail(path, error));
    return { status: response.status, text: await response.text() };
  }

  #fail(path: string, error: Error): never {
    throw new Error(
      `no answer to ${path} after ${this.lastCase}: ${error}; it printed ${this.#cli.stderr.slice(-3_000)}`,
    );
  }

  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await (await fetch(`http://127.0.0.1:${this.#port}${path}`)).arrayBuffer());
  }

  async status(): Promise<StatusAnswer> {
    return JSON.parse((await this.get('/api/v1/status')).text);
  }

  /** Rows in the store, as another process sees them. */
  rows(): { chunks: number; spans: number } {
    const count = 'SELECT (SELECT count(*) FROM chunks) AS chunks, (SELECT count(*) FROM spans) AS spans';
    return { ...this.database.prepare(count).get() } as { chunks: number; spans: number };
  }

  async heapMib(): Promise<number> {
    return (await heapOf(this.#inspectorUrl)) / MIB;
  }

  rssMib(): number {
    const [, kib] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.#cli.child.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  }

  /** What it told whoever runs it, besides where it is. */
  get complaints(): string[] {
    return this.#cli.stderr.split('\n').filter((line) => line.includes('[next-profiling]'));
  }

  /** How it ended, on the signal that people end it with. */
  async stop(): Promise<number | null> {
    this.database.close();
    this.#cli.child.kill('SIGINT');
    return this.#cli.ended;
  }
}
