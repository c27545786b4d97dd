import { isMainThread } from 'node:worker_threads';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Calls `flush` when the process is asked to end and somebody else takes care of its end, as Next does: then there may
 * be time to send what there is. Never the only listener, since a signal that nobody listens to ends a process at once,
 * and one that somebody listens to does not end it at all.
 */
export function flushOnSignal(flush: () => void): () => void {
  // Signals reach the main thread alone.
  if (!isMainThread) return () => {};
  const follow = (signal: string | symbol): void => {
    const listeners = process.rawListeners(signal);
    if (listeners.length > 0 && !listeners.includes(flush)) process.on(signal, flush);
  };
  const added = (event: string | symbol, listener: unknown): void => {
    // Told before the listener is there.
    if (isSignal(event) && listener !== flush) queueMicrotask(() => follow(event));
  };
  const removed = (event: string | symbol): void => {
    const listeners = isSignal(event) ? process.rawListeners(event) : [];
    if (listeners.length === 1 && listeners[0] === flush) process.off(event, flush);
  };
  for (const signal of SIGNALS) follow(signal);
  process.on('newListener', added).on('removeListener', removed);
  return () => {
    process.off('newListener', added).off('removeListener', removed);
    for (const signal of SIGNALS) process.off(signal, flush);
  };
}

const isSignal = (event: string | symbol): boolean => (SIGNALS as readonly (string | symbol)[]).includes(event);
