/** What a Sentry transport resolves to. */
export interface TransportAnswer {
  statusCode?: number | undefined;
  headers?: Record<string, string | null | undefined>;
}

/** Names of what we send: Relay's own, and the SDK's for it. An empty list of names means everything. */
const CATEGORIES = new Set(['', 'profile_chunk', 'profile']);
/** What Sentry's SDKs wait if a 429 does not say for how long. */
const DEFAULT_SECONDS = 60;

/**
 * Until when Sentry wants no chunks. The SDK keeps to limits, too, but counts chunks as `profile`, and so sends on when
 * Relay says `profile_chunk`.
 */
export class RateLimit {
  /** By `performance.now()`, which no change of the wall clock moves. */
  #untilMs = 0;

  get isActive(): boolean {
    return performance.now() < this.#untilMs;
  }

  update(answer: TransportAnswer | undefined): void {
    const seconds = secondsOf(answer);
    if (seconds > 0) this.#untilMs = Math.max(this.#untilMs, performance.now() + seconds * 1000);
  }
}

function secondsOf(answer: TransportAnswer | undefined): number {
  // `60:transaction;profile:organization, 2700::organization`
  const limits = answer?.headers?.['x-sentry-rate-limits'];
  if (limits) {
    return limits.split(',').reduce((longest, limit) => {
      const [seconds = '', categories = ''] = limit.trim().split(':');
      const concerns = categories.split(';').some((category) => CATEGORIES.has(category));
      return concerns ? Math.max(longest, Number.parseInt(seconds, 10) || DEFAULT_SECONDS) : longest;
    }, 0);
  }
  if (answer?.statusCode !== 429) return 0;
  return Number.parseInt(answer.headers?.['retry-after'] ?? '', 10) || DEFAULT_SECONDS;
}
