import type { Examination } from '../examination.ts';
import type { Finding } from '../finding.ts';
import { binary, build, engine, instrumentation, next, node, openTelemetry, packages } from './build-checks.ts';
import { addon, attribution, samples } from './profile-checks.ts';
import { dsn, integration, lifecycle, sentry, sessionRate, tracesRate } from './sentry-checks.ts';
import { boot, log, route } from './server-checks.ts';

/** A finding with the name of the check that made it. */
export interface NamedFinding extends Finding {
  readonly check: string;
}

/** Every check, in the order in which a user looks for a mistake. Null: nothing to say, or not to be known. */
const CHECKS: Readonly<Record<string, (facts: Examination) => Finding | null>> = {
  node,
  build,
  next,
  packages,
  openTelemetry,
  engine,
  binary,
  instrumentation,
  boot,
  route,
  sentry,
  dsn,
  integration,
  sessionRate,
  lifecycle,
  tracesRate,
  addon,
  samples,
  attribution,
  log,
};

/** The findings of all checks; what two of them found is said once. */
export function judge(facts: Examination): NamedFinding[] {
  const findings = Object.entries(CHECKS).flatMap(([check, run]) => {
    const finding = run(facts);
    return finding === null ? [] : [{ check, ...finding }];
  });
  return findings.filter(
    ({ code }, index) => code === null || findings.findIndex((other) => other.code === code) === index,
  );
}
