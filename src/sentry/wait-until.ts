/** Where a host that freezes its processes says what it waits for: Next's own key, and Vercel's. */
const CONTEXTS = [Symbol.for('@next/request-context'), Symbol.for('@vercel/request-context')];

interface RequestContext {
  get?(): { waitUntil?(promise: Promise<unknown>): void } | undefined;
}

/** Where the running request's process is frozen afterwards, has the host wait for what `start` returns. */
export function waitUntil(start: () => Promise<unknown>): void {
  try {
    for (const key of CONTEXTS) {
      const context = (globalThis as Record<symbol, RequestContext | undefined>)[key]?.get?.();
      if (context?.waitUntil) return context.waitUntil(start());
    }
  } catch {
    // The host does not wait: then there is nothing to do.
  }
}
