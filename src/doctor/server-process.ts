import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cannotStart } from '../errors.ts';
import type { ProbeMessage, ProbeReport, Question } from './probe.ts';
import type { ServerCommand } from './server-of.ts';

/** How long the probe may take to answer, milliseconds; a flush in the server is part of it. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How long the server may take to end by itself, milliseconds. */
const END_TIMEOUT_MS = 5_000;
const KEPT_LINES = 200;

/** The server under test: a process that the doctor has started. */
export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #output: string[] = [''];
  #questions = 0;

  constructor(command: ServerCommand, port: number, env: Partial<NodeJS.ProcessEnv>) {
    this.port = port;
    this.#child = started(() =>
      spawn(process.execPath, command.args(port), {
        cwd: command.cwd,
        env: { ...env, ...probed(env), PORT: String(port), HOSTNAME: '127.0.0.1', NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      }),
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
    }
    this.#closed = new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.once('error', (error) => {
        this.#keep(String(error));
        resolve();
      });
    });
  }

  /** What it printed last, without empty lines. */
  get lines(): string[] {
    return this.#output.filter((line) => line.trim() !== '');
  }

  /** How it ended: `exit code 1` or `SIGSEGV`; null while it runs. */
  get end(): string | null {
    const { exitCode, signalCode, pid } = this.#child;
    if (pid === undefined) return 'no start';
    return signalCode ?? (exitCode === null ? null : `exit code ${exitCode}`);
  }

  /** Asks the probe; null if it does not answer. */
  async ask(question: Question): Promise<ProbeReport | null> {
    const id = ++this.#questions;
    const answered = new Promise<ProbeReport | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), ANSWER_TIMEOUT_MS);
      const settle = (report: ProbeReport | null): void => {
        clearTimeout(timer);
        resolve(report);
      };
      this.#child.on('message', (message: Partial<ProbeMessage> | null) => {
        if (message?.nextProfilingDoctor === id) settle(message.report ?? null);
      });
      void this.#closed.then(() => settle(null));
    });
    if (this.#child.connected) this.#child.send({ nextProfilingDoctor: id, question } satisfies ProbeMessage, () => {});
    return answered;
  }

  /** Ends it as a platform does, and by force if that takes too long. */
  async stop(): Promise<void> {
    if (this.end === null) this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), END_TIMEOUT_MS);
    await this.#closed;
    clearTimeout(force);
  }

  #keep(text: string): void {
    const [first = '', ...more] = text.split('\n');
    this.#output.push(`${this.#output.pop()}${first}`, ...more);
    this.#output = this.#output.slice(-KEPT_LINES);
  }
}

/** A process that may start no others says so by throwing. */
function started(spawnServer: () => ChildProcess): ChildProcess {
  try {
    return spawnServer();
  } catch (error) {
    throw cannotStart(process.execPath, error);
  }
}

/** What makes the server load the probe, beside the options that it has. */
function probed({ NODE_OPTIONS = '' }: Partial<NodeJS.ProcessEnv>): Partial<NodeJS.ProcessEnv> {
  const file = probeFile();
  const quoted = `"${file.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  // Where the user allows the server only some files, the probe is one more.
  const allowed = /--(experimental-)?permission\b/.test(NODE_OPTIONS) ? [`--allow-fs-read=${quoted}`] : [];
  // The probe takes the last option away again.
  return { NODE_OPTIONS: [NODE_OPTIONS, ...allowed, `--require=${quoted}`].join(' ').trim() };
}

/** Beside the command line when published, and beside this file in the sources. */
function probeFile(): string {
  const files = ['./doctor-probe.cjs', './probe.ts'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return files.find((file) => existsSync(file)) ?? String(files[0]);
}
