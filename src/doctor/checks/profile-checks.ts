import { hasBinary } from '../../../native/target.ts';
import type { ProfilingStatus } from '../../engine.ts';
import type { Examination } from '../examination.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import { NEXT_SPANS } from '../lines-to-paste.ts';
import { tracesRate } from './sentry-checks.ts';

const statusOf = ({ server }: Examination): ProfilingStatus | null => server?.report?.status ?? null;

/** In the words of `profilingStatus()`. */
export function addon(facts: Examination): Finding | null {
  const status = statusOf(facts);
  if (status === null) return null;
  if (status.binding !== null) return ok(`the addon is loaded: ${status.binding.file}`);
  // Where there is no binary to be had, it is as good as it gets.
  if (status.state === 'fallback') {
    return (hasBinary(facts.host.target) ? problem : note)('profiling-fallback', status.reason);
  }
  return status.state === 'disabled' ? problem('profiling-disabled', status.reason, fixOf(status.reason)) : null;
}

/** Reasons of the engine's own end with what to do; one of the user's has its answer here. */
const fixOf = (reason: string): string | null => (reason === 'NEXT_PROFILING is off' ? 'unset NEXT_PROFILING' : null);

export function samples(facts: Examination): Finding | null {
  const { server, received } = facts;
  const counters = statusOf(facts)?.counters;
  if (!counters || !received || !server || server.requests === 0) return null;
  const asked = `${counted(server.requests, 'request')} of ${server.path}`;
  if (received.acceptedChunks > 0) {
    const traced = server.sampledByDoctor ? ', in a process that was counted as sampled for this' : '';
    return ok(`${asked} gave ${received.samples} samples in ${counted(received.acceptedChunks, 'profile')}${traced}`);
  }
  if (received.refusal !== null)
    return problem('chunk-refused', `Sentry would refuse the profile: ${received.refusal}`);
  const sentElsewhere = server.report?.sentry?.dsnHost !== received.host && counters.chunksSent > 0;
  if (sentElsewhere)
    return ok(`${asked} gave ${counters.samples} samples in ${counted(counters.chunksSent, 'profile')}`);
  if (counters.sessionsStarted === 0) {
    if (tracesRate(facts)?.result === 'problem') return null;
    return problem('no-root-span', `${asked} started no profile: the Sentry SDK recorded no request`, NEXT_SPANS);
  }
  if (counters.samples === 0) return problem('no-sample', `${asked} gave no sample`);
  const dropped = Object.entries(counters.chunksDropped).map(([reason, count]) => `${count} × ${reason}`);
  const says = `${asked} gave ${counters.samples} samples, but no profile arrived (${dropped.join(', ') || 'none dropped'})`;
  return problem('chunk-undelivered', says);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Whether CPU is charged to the request that used it. */
export function attribution(facts: Examination): Finding | null {
  const status = statusOf(facts);
  if (status === null || status.binding === null || !status.counters.samples) return null;
  const { samples, samplesWithoutSlot } = status.counters;
  const { enabled, reason } = status.attribution;
  if (enabled && samplesWithoutSlot < samples) return ok(`attribution works: ${reason}`);
  if (enabled) return problem('attribution-failed', `attribution is on, but none of ${samples} samples knows its span`);
  return note('attribution-off', `attribution is off: ${reason}`, attributionFix(facts.host.node));
}

function attributionFix(node: string): string {
  const major = Number.parseInt(node, 10);
  if (major === 22) return "NODE_OPTIONS='--experimental-async-context-frame', or Node.js 24 or newer";
  return major < 24 ? 'run the server on Node.js 24 or newer' : "attribution: 'auto' in nodeProfilingIntegration()";
}
