import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 100;

/** Asks, again and again, until the answer is as wanted, and returns it. Rejects with what is said of the last one after the time. */
export async function askUntil<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  complaint: (last: T) => string,
  timeoutMs = 60_000,
): Promise<T> {
  for (const endMs = performance.now() + timeoutMs; ; await pause(PAUSE_MS)) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (performance.now() > endMs) throw new Error(`${complaint(answer)}, after ${timeoutMs} ms`);
  }
}

/** Waits until a server answers well. Rejects when it is gone, and after the time. */
export async function answering(url: string, isGone: () => boolean = () => false): Promise<void> {
  const ask = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  const isOk = await askUntil(
    ask,
    (last) => last || isGone(),
    () => `${url} does not answer`,
  );
  if (!isOk) throw new Error(`the server of ${url} ended before it answered`);
}
