import type { Beginning } from '../profiler/chunk-context.ts';
import type { SampleRecord } from './sample-ring.ts';

/** Of ticks closer than this share of an interval not all count: V8 was started at a shortened one. */
const CLOSEST_TICKS = 0.7;

/**
 * How much CPU time a sample stands for.
 *
 * While work goes on from one sample to the next, it is the thread's own CPU clock that says: a thread that waited for
 * a core, or for a disk, used less than the interval. Work that was not yet running at the sample before is weighed by
 * its chance instead: work of half an interval is met by half of the ticks, so when it is met it counts for a whole
 * interval. Either way the sum over many samples is right, and neither way favours long requests or short ones.
 * What woke the sampler has been running since, so of that interval the part that is over is what the clock says.
 *
 * What our own signal handler and our own calls use is in no sample.
 */
export class CpuWeights {
  #intervalMicros = 0;
  #lastSince = Number.NEGATIVE_INFINITY;
  #lastCpu = 0;
  #wasRunning = false;
  /** When sampling began after a sleep, sample clock; no longer of interest once there was a sample. */
  #wokenAt: number | null = null;
  /** CPU time that the app had used since the last sample when sampling was interrupted. */
  #carried = 0;

  /** Sampling begins at `sampleMicros` of the sample clock, with the thread's CPU clock at `cpuMicros`. */
  started(sampleMicros: number, cpuMicros: number, { afterSleep, intervalMicros }: Beginning): void {
    this.#intervalMicros = intervalMicros;
    if (afterSleep) {
      this.#wasRunning = false;
      this.#wokenAt = sampleMicros;
    }
    this.#lastCpu = cpuMicros - (afterSleep ? 0 : this.#carried);
  }

  stopped(cpuMicros: number): void {
    this.#carried = cpuMicros - this.#lastCpu;
  }

  /** Microseconds; negative if this sample does not count. */
  weigh({ since, cpuBefore, cpuAfter, slot }: SampleRecord): number {
    if (since - this.#lastSince < this.#intervalMicros * CLOSEST_TICKS) {
      // What the handler itself used is taken out of what the next sample gets.
      this.#lastCpu += cpuAfter - cpuBefore;
      return -1;
    }
    const used = Math.max(0, cpuBefore - this.#lastCpu);
    const micros = this.#wasRunning ? used : this.#firstMet(used, since);
    this.#wokenAt = null;
    this.#lastSince = since;
    this.#lastCpu = cpuAfter;
    this.#wasRunning = slot !== 0;
    return Math.round(micros);
  }

  #firstMet(used: number, since: number): number {
    if (this.#wokenAt === null) return Math.max(used, this.#intervalMicros);
    return used + Math.max(0, this.#intervalMicros - (since - this.#wokenAt));
  }
}
