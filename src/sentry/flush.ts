import type { SentryClient } from '../engine.ts';

/**
 * Makes `Sentry.flush()` and `Sentry.close()` deliver the running chunk. The SDK's `flush` event cannot wait for the
 * thread pool, and what reaches the transport after its own flush may never be sent, so the client's method is
 * extended.
 */
export function flushWithProfiler(client: SentryClient, flushProfiler: () => Promise<void>): void {
  const flushClient = client.flush.bind(client);
  client.flush = async (timeout?: number) => {
    await flushProfiler();
    return flushClient(timeout);
  };
}
