/** A moment, microseconds of the sample clock, and the index of the stack that was found. */
export interface Tick {
  readonly micros: number;
  readonly stack: number;
}

/** Ticks that are closer to the one before than this part of the interval count no more. */
const CLOSEST = 0.8;
/** After so many intervals without a tick nothing was sampled: the last tick then stands for one. */
const LONGEST = 2.5;

/**
 * What is sent of one thread's ticks. A sample weighs until the next one, so every silence is closed by one with the
 * idle stack. The same as `sample-writer.cc` does, for one thread.
 */
export function sampleTicks(
  ticks: readonly Tick[],
  idle: number,
  intervalMicros: number,
  endMicros: number,
): { ticks: Tick[]; busy: number } {
  const sent: Tick[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let isOpen = false;
  const close = (micros: number): void => {
    if (isOpen) sent.push({ micros, stack: idle });
    isOpen = false;
  };
  const closeIfLong = (micros: number): void => {
    if (micros - last > intervalMicros * LONGEST) close(last + intervalMicros);
  };
  for (const tick of ticks.toSorted((a, b) => a.micros - b.micros)) {
    if (tick.micros - last < intervalMicros * CLOSEST) continue;
    closeIfLong(tick.micros);
    last = tick.micros;
    if (tick.stack === idle) {
      close(tick.micros);
    } else {
      sent.push(tick);
      isOpen = true;
    }
  }
  closeIfLong(endMicros);
  close(endMicros);
  const busy = sent.filter(({ stack }) => stack !== idle).length;
  return { ticks: busy === 1 ? halved(sent, idle) : sent, busy };
}

/** Sentry's Relay drops a thread with a single busy sample. Two samples of half the weight each say the same. */
function halved(sent: readonly Tick[], idle: number): Tick[] {
  return sent.flatMap((tick, index) => {
    const next = sent[index + 1];
    if (tick.stack === idle || next === undefined) return [tick];
    return [tick, { ...tick, micros: tick.micros + (next.micros - tick.micros) / 2 }];
  });
}
