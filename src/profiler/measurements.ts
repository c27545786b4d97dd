import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Measurement } from '../profile/types.ts';

/** Time between two points. Sixty points say as much about a 30 s chunk as six hundred, in a tenth of the bytes. */
const PERIOD_MS = 500;
/** What the delay histogram's own timer waits; it counts into every value that it records. */
const RESOLUTION_MS = 20;

/** CPU, heap and event-loop delay of this process over a chunk. Its timers never keep the process alive. */
export class Measurements {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | undefined;
  #cpu = process.cpuUsage();
  #atMs = performance.now();
  #points: { seconds: number; cpu: number; heap: number; delayNs: number }[] = [];

  start(): void {
    this.#delay.enable();
    this.#delay.reset();
    this.#cpu = process.cpuUsage();
    this.#atMs = performance.now();
    this.#timer = setInterval(() => this.#measure(), PERIOD_MS);
    this.#timer.unref();
  }

  stop(): void {
    this.#delay.disable();
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#points = [];
  }

  /** The points since the last call, up to now. Each value speaks of the time since the point before it. */
  take(): Record<string, Measurement> {
    this.#measure();
    const points = this.#points;
    this.#points = [];
    const series = (unit: string, pick: (point: (typeof points)[number]) => number): Measurement => ({
      unit,
      values: points.map((point) => ({ timestamp: point.seconds, value: pick(point) })),
    });
    return {
      cpu_usage: series('percent', (point) => point.cpu),
      memory_footprint: series('byte', (point) => point.heap),
      event_loop_delay: series('nanosecond', (point) => point.delayNs),
    };
  }

  #measure(): void {
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#atMs;
    // A share of less than a millisecond is noise.
    if (elapsedMs < 1) return;
    const cpu = process.cpuUsage();
    const usedMicros = cpu.user - this.#cpu.user + cpu.system - this.#cpu.system;
    const delayNs = this.#delay.count > 0 ? Math.max(0, this.#delay.max - RESOLUTION_MS * 1e6) : 0;
    this.#points.push({
      seconds: Math.round((performance.timeOrigin + nowMs) * 1000) / 1e6,
      cpu: Math.round(usedMicros / elapsedMs) / 10,
      heap: getHeapStatistics().used_heap_size,
      delayNs: Math.round(delayNs),
    });
    this.#delay.reset();
    this.#cpu = cpu;
    this.#atMs = nowMs;
  }
}
