import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { CLEAN } from '../../e2e/build-app.ts';
import { freePort } from '../../e2e/running-app.ts';

export interface Usage {
  cpuMicros: number;
  rssBytes: number;
}

/** A standalone server with the probe in it. */
export class NextServer {
  readonly origin: string;
  /** From the start of the process to its first answer. */
  startMs = 0;
  readonly #child: ChildProcess;
  #output = '';

  static async start(folder: string, env: Record<string, string>): Promise<NextServer> {
    const server = new NextServer(folder, env, await freePort());
    await server.#answers();
    return server;
  }

  private constructor(folder: string, env: Record<string, string>, port: number) {
    this.origin = `http://127.0.0.1:${port}`;
    this.#child = spawn(process.execPath, ['server.js'], {
      cwd: folder,
      env: { ...process.env, ...CLEAN, PORT: String(port), HOSTNAME: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.stdout?.on('data', (text) => (this.#output += text));
    this.#child.stderr?.on('data', (text) => (this.#output += text));
  }

  async usage(): Promise<Usage> {
    this.#child.send('usage');
    const [usage] = await once(this.#child, 'message');
    return usage;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #answers(): Promise<void> {
    const from = performance.now();
    while (this.#child.exitCode === null && performance.now() - from < 60_000) {
      const answer = await fetch(`${this.origin}/api/light`, { headers: { connection: 'close' } }).catch(() => null);
      this.startMs = performance.now() - from;
      if (answer?.ok) return;
      await wait(5);
    }
    await this.stop();
    throw new Error(`the server did not answer: ${this.#output.slice(-2_000)}`);
  }
}
