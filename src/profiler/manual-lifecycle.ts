import { warnOnce } from '../diagnostics.ts';
import type { ProfilerSession } from './session.ts';

/** Profiles between `startProfiler()` and `stopProfiler()`. */
export class ManualLifecycle {
  readonly #session: ProfilerSession;

  constructor(session: ProfilerSession) {
    this.#session = session;
  }

  start(): void {
    if (this.#session.profilerId !== null) warnOnce('started', 'startProfiler() does nothing: it already runs');
    this.#session.start();
  }

  stop(): void {
    if (this.#session.profilerId === null) warnOnce('stopped', 'stopProfiler() does nothing: it does not run');
    this.#session.stop();
  }
}
