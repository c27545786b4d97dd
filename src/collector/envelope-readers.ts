import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { collectorBusy, ProfilingError } from '../errors.ts';
import { type ReadEnvelope, readEnvelope, type WireEnvelope } from './read-envelope.ts';

/** What is smaller is read at once: to hand it to a thread would cost more. A chunk of half a minute is larger. */
const SMALL_BYTES = 10_000;
/** Reading unpacks an envelope to a hundred times its size, so only so many are read at a time. */
const MOST_THREADS = 4;
const AT_ONCE = 2;
/** What waits, as it came over the wire. */
const MOST_WAITING_BYTES = 64 * 2 ** 20;

export interface ReadQuestion {
  number: number;
  wire: WireEnvelope;
}

export type ReadAnswer =
  | { number: number; envelope: ReadEnvelope }
  | { number: number; known: { code: string; text: string; cause: unknown } | null; error: unknown };

interface Job {
  wire: WireEnvelope;
  resolve: (envelope: ReadEnvelope) => void;
  reject: (error: unknown) => void;
}

interface Reader {
  worker: Worker;
  jobs: Map<number, Job>;
}

/** Reads envelopes, the large ones in threads: half a minute of a server is milliseconds of work. */
export class EnvelopeReaders {
  readonly #most = Math.min(MOST_THREADS, availableParallelism());
  readonly #readers = new Set<Reader>();
  readonly #waiting: Job[] = [];
  #waitingBytes = 0;
  #number = 0;

  /** Rejects with what `readEnvelope` rejects with, and with `NP_BUSY` where too much waits already. */
  async read(wire: WireEnvelope): Promise<ReadEnvelope> {
    const { byteLength } = wire.body;
    if (byteLength < SMALL_BYTES) return readEnvelope(wire);
    if (this.#waitingBytes > 0 && this.#waitingBytes + byteLength > MOST_WAITING_BYTES) {
      throw collectorBusy(MOST_WAITING_BYTES);
    }
    this.#waitingBytes += byteLength;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ wire, resolve, reject });
      this.#handOut();
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers].map(({ worker }) => worker.terminate()));
  }

  #handOut(): void {
    for (;;) {
      const [job] = this.#waiting;
      const reader = job === undefined ? undefined : this.#idlest();
      if (job === undefined || reader === undefined) return;
      this.#waiting.shift();
      this.#waitingBytes -= job.wire.body.byteLength;
      const number = this.#number++;
      reader.jobs.set(number, job);
      reader.worker.postMessage({ number, wire: job.wire } satisfies ReadQuestion);
    }
  }

  /** One that has nothing to do, else a new one, else the one with the least to do; none if all are busy. */
  #idlest(): Reader | undefined {
    const [least] = [...this.#readers].sort((a, b) => a.jobs.size - b.jobs.size);
    if (least !== undefined && least.jobs.size === 0) return least;
    if (this.#readers.size < this.#most) return this.#start();
    return least !== undefined && least.jobs.size < AT_ONCE ? least : undefined;
  }

  #start(): Reader {
    const reader: Reader = { worker: new Worker(workerFile()), jobs: new Map() };
    this.#readers.add(reader);
    reader.worker.unref();
    reader.worker.on('message', (answer: ReadAnswer) => {
      const job = reader.jobs.get(answer.number);
      reader.jobs.delete(answer.number);
      if ('envelope' in answer) job?.resolve(answer.envelope);
      else job?.reject(answer.known === null ? answer.error : revived(answer.known));
      this.#handOut();
    });
    const end = (error: unknown) => {
      this.#readers.delete(reader);
      for (const { reject } of reader.jobs.values()) reject(error);
      reader.jobs.clear();
      this.#handOut();
    };
    reader.worker.on('error', end);
    reader.worker.on('exit', (code) => end(new Error(`a thread that reads envelopes ended with ${code}`)));
    return reader;
  }
}

function revived({ code, text, cause }: { code: string; text: string; cause: unknown }): ProfilingError {
  const error = new ProfilingError(code, '', { cause });
  error.message = text;
  return error;
}

/** Beside the command line when published, and beside this file in the sources. */
function workerFile(): string {
  const names = ['./envelope-worker.js', './envelope-worker.ts'];
  const files = names.map((name) => fileURLToPath(new URL(name, import.meta.url)));
  return files.find((file) => existsSync(file)) ?? String(files[0]);
}
