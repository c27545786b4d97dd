/** Every code of a finding that is not ok. Stable: scripts may rely on them. */
export const CODES = [
  'no-build',
  'static-export',
  'standalone-missing',
  'next-missing',
  'next-too-old',
  'opentelemetry-versions',
  'node-too-old',
  'engine-missing',
  'engine-of-another-version',
  'binary-missing',
  'binary-broken',
  'instrumentation-missing',
  'server-ended',
  'server-silent',
  'server-fails-with-profiling',
  'route-fails',
  'sentry-missing',
  'sentry-too-old',
  'sentry-disabled',
  'dsn-missing',
  'dsn-fixed',
  'integration-missing',
  'profiling-disabled',
  'profiling-fallback',
  'session-rate-missing',
  'session-rate-zero',
  'session-rate-low',
  'traces-rate-missing',
  'lifecycle-manual',
  'warning-logged',
  'no-root-span',
  'no-sample',
  'chunk-refused',
  'chunk-undelivered',
  'attribution-off',
  'attribution-failed',
] as const;

export type Code = (typeof CODES)[number];

/** What one check found. A note is worth knowing and fails nothing. */
export interface Finding {
  readonly result: 'ok' | 'note' | 'problem';
  /** `null` where all is well. */
  readonly code: Code | null;
  /** One sentence. */
  readonly says: string;
  /** What to do, often lines to paste. */
  readonly fix: string | null;
}

export const ok = (says: string): Finding => ({ result: 'ok', code: null, says, fix: null });

export const note = (code: Code, says: string, fix: string | null = null): Finding => ({
  result: 'note',
  code,
  says,
  fix,
});

export const problem = (code: Code, says: string, fix: string | null = null): Finding => ({
  result: 'problem',
  code,
  says,
  fix,
});
