import type { Session } from 'node:inspector';
import type { Binding, ChunkMeta, Cut, SerializedChunk } from '../binding.ts';
import { type InspectorProfile, serializeProfile, type Window } from './serialize-profile.ts';

/** Profiles that nobody asked for are thrown away this often, so that an idle process does not fill up with them. */
const DISCARD_EVERY_MS = 30_000;
const TITLES = ['next-profiling', 'next-profiling, next'] as const;

type Inspector = typeof import('node:inspector');

/**
 * The binding without an addon: V8's profiler as `node:inspector` gives it to everybody.
 *
 * V8 logs every compiled function when a first profile starts, for hundreds of milliseconds, and forgets it all when the
 * last one stops. So one profile always runs: the next is started before the running one ends. What was sampled while
 * nobody wanted it is left out of chunks. The price is that sampling never sleeps, and that a profile is converted on the
 * main thread.
 */
export class InspectorBinding implements Binding {
  readonly #inspector: Inspector;
  readonly #intervalMicros: number;
  #session: Session | undefined;
  /** Which of the two titles runs; -1 if none does. */
  #running = -1;
  #finished: InspectorProfile | undefined;
  /** When somebody wanted samples, since the last cut. */
  #windows: Window[] = [];
  #wantedSince: number | undefined;
  /** Unix time minus sample clock; like the addon's, from when samples were wanted last. */
  #unixOffsetMicros = 0;
  #discardTimer: NodeJS.Timeout | undefined;
  /** Serialised, but still on their way to who asked for them. */
  readonly #unhanded = new Set<SerializedChunk>();

  /** @param intervalMicros time between samples, once for all */
  constructor(intervalMicros: number) {
    const inspector = process.getBuiltinModule?.('node:inspector');
    if (inspector === undefined) throw new Error('this runtime has no node:inspector');
    if (wouldSpin(process)) throw new Error('on Windows V8 keeps a core busy there, until Node 22');
    this.#inspector = inspector;
    this.#intervalMicros = intervalMicros;
  }

  create(lazyLogging: boolean): void {
    if (this.#session !== undefined) return;
    const session = new this.#inspector.Session();
    session.connect();
    this.#session = session;
    session.on('Profiler.consoleProfileFinished', ({ params }) => {
      if (params.title === TITLES[this.#running]) this.#finished = params.profile as InspectorProfile;
    });
    this.#ask('Profiler.enable');
    this.#ask('Profiler.setSamplingInterval', { interval: this.#intervalMicros });
    if (!lazyLogging) this.#run();
  }

  /** @param _intervalMicros cannot be changed while a profile runs */
  start(_intervalMicros: number): void {
    if (this.#wantedSince !== undefined) throw new Error('a profile is already running');
    this.#run();
    this.#goOn();
  }

  pause(): void {
    if (this.#wantedSince !== undefined) this.#windows.push({ since: this.#wantedSince, until: sampleMicros() });
    this.#wantedSince = undefined;
  }

  cut(meta: ChunkMeta, nextIntervalMicros: number): Cut {
    const chunk = this.#serialize(meta);
    if (nextIntervalMicros > 0) this.#goOn();
    this.#unhanded.add(chunk);
    const handOver = (): SerializedChunk => {
      this.#unhanded.delete(chunk);
      return chunk;
    };
    return { startError: '', chunk: Promise.resolve().then(handOver) };
  }

  finish(meta: ChunkMeta | null): SerializedChunk[] {
    this.pause();
    const last = meta !== null && this.#windows.length > 0 ? [this.#serialize(meta)] : [];
    // Ends what still runs, and makes nothing of it.
    this.#session?.disconnect();
    this.#session = undefined;
    this.#running = -1;
    return [...this.#unhanded, ...last];
  }

  recreate(): boolean {
    this.#windows = [];
    this.#wantedSince = undefined;
    if (this.#running >= 0) this.#inspector.console.profileEnd(TITLES[this.#running]);
    this.#running = -1;
    return true;
  }

  clocks(): [sampleMicros: number, cpuMicros: number] {
    return [sampleMicros(), 0];
  }

  // A sample of the inspector's says nothing of its context.
  useSlots(): boolean {
    return false;
  }
  probeSlots(): boolean {
    return false;
  }
  settleSlots(): boolean {
    return false;
  }
  readSlot(): number {
    return 0;
  }
  dropSlots(): void {}
  recordContext(): void {}

  #run(): void {
    if (this.#running >= 0) return;
    this.#inspector.console.profile(TITLES[0]);
    this.#running = 0;
    this.#discardTimer ??= setInterval(() => this.#discard(), DISCARD_EVERY_MS).unref();
  }

  #goOn(): void {
    this.#wantedSince = sampleMicros();
    this.#unixOffsetMicros = Date.now() * 1000 - this.#wantedSince;
  }

  #discard(): void {
    if (this.#running >= 0 && this.#wantedSince === undefined && this.#windows.length === 0) this.#rotate();
  }

  /** Ends what was sampled since the last cut. */
  #serialize(meta: ChunkMeta): SerializedChunk {
    this.pause();
    if (this.#windows.length === 0) throw new Error('nothing was sampled since the last cut');
    const windows = this.#windows;
    this.#windows = [];
    const unixOffsetMicros = this.#unixOffsetMicros;
    const profile = this.#rotate();
    // An application's `console.profileEnd()` ends the last profile that was started: ours.
    if (profile === undefined) throw new Error('somebody else has ended the profile');
    return serializeProfile(profile, windows, unixOffsetMicros, meta);
  }

  /** Starts the next profile, ends the running one and returns it. */
  #rotate(): InspectorProfile | undefined {
    const next = 1 - this.#running;
    this.#inspector.console.profile(TITLES[next]);
    this.#finished = undefined;
    this.#inspector.console.profileEnd(TITLES[this.#running]);
    this.#running = next;
    return this.#finished;
  }

  /** Within the process the inspector answers at once. */
  #ask(method: string, params?: object): void {
    let failure: Error | null = new Error(`the inspector did not answer ${method}`);
    this.#session?.post(method, params, (error) => {
      failure = error;
    });
    if (failure !== null) throw new Error(failure.message);
  }
}

/**
 * Between samples V8 sleeps, but for Windows, where it looked at the clock again and again before it had an exact timer to sleep
 * by. Only the addon can tell it to sleep nevertheless.
 */
export function wouldSpin({ platform, versions }: Pick<NodeJS.Process, 'platform' | 'versions'>): boolean {
  return platform === 'win32' && Number.parseInt(versions.node, 10) < 22;
}

/** The clock that V8 stamps samples with, microseconds. */
function sampleMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
