import type { SentryClient } from '../engine.ts';

/**
 * Makes `Sentry.flush()` and `Sentry.close()` deliver the running chunk. The SDK's `flush` event cannot wait for the
 * thread pool, and what reaches the transport after its own flush may never be sent, so the client's method is
 * extended.
 */
export function flushWithProfiler(client: SentryClient, flushProfiler: () => Promise<void>): void {
  const flushClient = client.flush.bind(client);
  client.flush = async (timeout?: number) => {
    const startedMs = performance.now();
    await within(timeout, flushProfiler());
    // To the SDK, 0 is for ever.
    return flushClient(timeout && Math.max(1, timeout - (performance.now() - startedMs)));
  };
}

/** Resolves with the promise, or after the time if it is limited. */
async function within(timeoutMs: number | undefined, promise: Promise<void>): Promise<void> {
  if (!timeoutMs) return promise;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
