import { join } from 'node:path';
import { type Contender, isRival } from './contenders.ts';
import { rivalFolder } from './install-rivals.ts';
import type { Receiver } from './receiver.ts';

const PROCESSES = join(import.meta.dirname, 'processes');

const PRELOADED = { 'dd-trace': 'dd-trace.cjs', '@pyroscope/nodejs': 'pyroscope.cjs' } as const;

/**
 * What makes a process that of a contender. Sentry's SDK traces in each; rivals are preloaded, as they ask for, and send
 * CPU and wall time only. With `periodSeconds` they send that often, else by their defaults.
 */
export function environmentOf(
  contender: Contender,
  receiver: Receiver,
  { periodSeconds, preload = [] }: { periodSeconds?: number; preload?: string[] } = {},
): Record<string, string> {
  const files = [...preload, ...(isRival(contender) ? [PRELOADED[contender]] : [])];
  return {
    NODE_OPTIONS: files.map((file) => `--require=${join(PROCESSES, file)}`).join(' '),
    SENTRY_DSN: receiver.dsn,
    BENCH_CONTENDER: contender,
    BENCH_RECEIVER: receiver.origin,
    ...(periodSeconds !== undefined && { BENCH_PERIOD_SECONDS: String(periodSeconds) }),
    ...(contender === 'without attribution' && { NEXT_PROFILING_ATTRIBUTION: 'off' }),
    ...(isRival(contender) && { BENCH_RIVAL: rivalFolder(contender) }),
    ...(contender === 'dd-trace' && {
      DD_TRACE_AGENT_URL: receiver.origin,
      DD_TRACING_ENABLED: 'false',
      DD_PROFILING_PROFILERS: 'wall',
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
      ...(periodSeconds !== undefined && { DD_PROFILING_UPLOAD_PERIOD: String(periodSeconds) }),
    }),
  };
}
