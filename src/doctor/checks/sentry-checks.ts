import type { Examination } from '../examination.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import { INSTRUMENTATION, INTEGRATION, inSentryInit } from '../lines-to-paste.ts';
import type { SentryReport } from '../probe.ts';

const OLDEST_SDK = 10;

/** What the running server says of its Sentry client. */
const sentryOf = ({ server }: Examination): SentryReport | null => server?.report?.sentry ?? null;

export function sentry(facts: Examination): Finding | null {
  // Without an instrumentation file nothing could have called it, which was said.
  if (!facts.server?.report || !facts.output?.instrumentation) return null;
  const client = sentryOf(facts);
  if (client === null) {
    return problem('sentry-missing', 'the server has not called Sentry.init()', INSTRUMENTATION);
  }
  const name = client.sdk ?? 'a Sentry SDK that does not say its version';
  if (Number.parseInt(client.sdk?.split('@').at(-1) ?? '', 10) < OLDEST_SDK) {
    return problem('sentry-too-old', `the server runs ${name}`, 'npm install @sentry/nextjs@latest');
  }
  return ok(`the server runs ${name}`);
}

export function dsn(facts: Examination): Finding | null {
  const client = sentryOf(facts);
  if (client === null) return null;
  if (!client.enabled) {
    const says = 'Sentry.init() has enabled: false in this environment, so the SDK sets up nothing';
    return problem('sentry-disabled', says, inSentryInit('enabled: true'));
  }
  if (client.dsnHost === null) {
    const says = 'Sentry.init() has no DSN although SENTRY_DSN is set, so the SDK sets up nothing';
    return problem('dsn-missing', says, inSentryInit('dsn: process.env.SENTRY_DSN'));
  }
  if (client.dsnHost !== facts.received?.host) {
    const says = `the DSN in Sentry.init() is fixed, so what this check sent went to ${client.dsnHost}`;
    return note('dsn-fixed', says, inSentryInit('dsn: process.env.SENTRY_DSN'));
  }
  return ok('the DSN comes from the environment');
}

export function integration(facts: Examination): Finding | null {
  const client = sentryOf(facts);
  if (client === null || client.integration === 'ours' || client.dsnHost === null || !client.enabled) return null;
  const says =
    client.integration === 'none'
      ? 'the Sentry client has no profiling integration'
      : 'the Sentry client has the profiling integration of another package, which shuts ours out';
  return problem('integration-missing', says, INTEGRATION);
}

const profilesTransactions = ({ server }: Examination): boolean => server?.report?.status?.lifecycle === 'transaction';

export function sessionRate(facts: Examination): Finding | null {
  const client = sentryOf(facts);
  if (client?.integration !== 'ours') return null;
  if (profilesTransactions(facts))
    return ok("Sentry's older options are set: sampled transactions bring profiles of their own");
  const rate = client.profileSessionSampleRate;
  const fix = inSentryInit('profileSessionSampleRate: 1');
  if (rate === undefined) {
    return problem('session-rate-missing', 'profileSessionSampleRate is not set, which counts as 0', fix);
  }
  if (!(Number(rate) > 0)) return problem('session-rate-zero', `profileSessionSampleRate is ${rate}`, fix);
  if (Number(rate) >= 1) return ok(`profileSessionSampleRate is ${rate}: every process profiles`);
  return note('session-rate-low', `profileSessionSampleRate is ${rate}: that share of the processes profiles`);
}

export function lifecycle(facts: Examination): Finding | null {
  const client = sentryOf(facts);
  if (client?.integration !== 'ours' || profilesTransactions(facts)) return null;
  const fix = inSentryInit("profileLifecycle: 'trace'");
  if (client.profileLifecycle === undefined && facts.server?.startedByDoctor) {
    const says = "profileLifecycle is not set, which counts as 'manual', and nothing called startProfiler()";
    return problem('lifecycle-manual', says, fix);
  }
  if (facts.server?.startedByDoctor) {
    const says = "profileLifecycle is 'manual', and nothing called startProfiler() yet";
    return note('lifecycle-manual', says, fix);
  }
  return ok(`profileLifecycle is '${client.profileLifecycle ?? 'manual'}'`);
}

/** In the trace lifecycle only a request that is traced starts the profiler. */
export function tracesRate(facts: Examination): Finding | null {
  const client = sentryOf(facts);
  if (client?.integration !== 'ours' || client.profileLifecycle !== 'trace') return null;
  if (client.tracesSampler) return ok('tracesSampler chooses the requests that are profiled');
  const { tracesSampleRate: rate } = client;
  if (Number(rate ?? 0) > 0) return ok(`tracesSampleRate is ${rate}`);
  const says = `tracesSampleRate is ${rate ?? 'not set'}, and without traces the 'trace' lifecycle never starts`;
  return problem('traces-rate-missing', says, inSentryInit('tracesSampleRate: 1'));
}
