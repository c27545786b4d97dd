import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Measurement } from '../profile/types.ts';

/** Time between two points. Sixty points say as much about a 30 s chunk as six hundred, in a tenth of the bytes. */
const PERIOD_MS = 500;
/** What the delay histogram's own timer waits; it counts into every value that it records. */
const RESOLUTION_MS = 50;

interface Point {
  /** By `performance.now()`. */
  readonly atMs: number;
  readonly cpuPercent: number;
  readonly heapBytes: number;
  readonly delayNs: number;
}

/**
 * CPU, heap and event-loop delay of this process over a chunk. Each value speaks of the time since the point before
 * it. Its timers never keep the process alive, and none runs between `pause()` and `resume()`.
 */
export class Measurements {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | undefined;
  #cpu = process.cpuUsage();
  #atMs = performance.now();
  /** Unix time minus `performance.now()`. Not `timeOrigin`, which no change of the wall clock moves: samples do not know it. */
  #unixOffsetMs = 0;
  #points: Point[] = [];

  /** Forgets what was; the first point will speak of the time from now on. */
  restart(): void {
    this.#points = [];
    this.#readWallClock();
    this.#delay.reset();
    this.#cpu = process.cpuUsage();
    this.#atMs = performance.now();
  }

  resume(): void {
    if (this.#timer !== undefined) return;
    // The pause gets a point of its own.
    if (performance.now() - this.#atMs >= PERIOD_MS) this.#measure();
    this.#readWallClock();
    this.#delay.enable();
    this.#timer = setInterval(() => this.#measure(), PERIOD_MS).unref();
  }

  pause(): void {
    this.#delay.disable();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The points since the last call, up to now. */
  take(): Record<string, Measurement> {
    this.#measure();
    const points = this.#points;
    const unixOffsetMs = this.#unixOffsetMs;
    this.#points = [];
    const series = (unit: string, pick: (point: Point) => number): Measurement => ({
      unit,
      values: points.map((point) => ({
        timestamp: Math.round((unixOffsetMs + point.atMs) * 1000) / 1e6,
        value: pick(point),
      })),
    });
    this.#readWallClock();
    return {
      cpu_usage: series('percent', (point) => point.cpuPercent),
      memory_footprint: series('byte', (point) => point.heapBytes),
      event_loop_delay: series('nanosecond', (point) => point.delayNs),
    };
  }

  /** When a chunk or a part of it begins, as the addon does for its samples: one clock per chunk. */
  #readWallClock(): void {
    this.#unixOffsetMs = Date.now() - performance.now();
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
      atMs: nowMs,
      cpuPercent: Math.round(usedMicros / elapsedMs) / 10,
      heapBytes: getHeapStatistics().used_heap_size,
      delayNs: Math.round(delayNs),
    });
    this.#delay.reset();
    this.#cpu = cpu;
    this.#atMs = nowMs;
  }
}
