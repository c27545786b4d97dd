import type { IntegrationOptions, SentryOptions } from './engine.ts';
import { type ProfilingError, show, unknownOption, wrongEnvironment, wrongOption } from './errors.ts';

/** The integration's options after checks, every one set. */
export type EngineOptions = Required<IntegrationOptions>;

type OptionName = keyof EngineOptions;

interface NumberOption {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/** An option that is one of a few values. */
interface ChoiceOption {
  readonly fallback: string | boolean;
  readonly allowed: readonly (string | boolean)[];
}

const OPTIONS: { readonly [name in OptionName]: NumberOption | ChoiceOption } = {
  samplingIntervalMicros: { fallback: 10_101, min: 100, max: 1_000_000 },
  chunkDurationMs: { fallback: 30_000, min: 1_000, max: 60_000 },
  maxSpanDurationMs: { fallback: 300_000, min: 1_000, max: 86_400_000 },
  idleTimeoutMs: { fallback: 1_000, min: 0, max: 60_000 },
  attribution: { fallback: 'auto', allowed: ['auto', 'off'] },
  lanes: { fallback: true, allowed: [true, false] },
};

/** A value for every option, and what was wrong with those that were given. A wrong value counts as not given. */
export interface Checked<T> {
  readonly value: T;
  readonly errors: readonly ProfilingError[];
}

export function checkIntegrationOptions(given: unknown): Checked<EngineOptions> {
  const errors: ProfilingError[] = [];
  const value: Record<string, unknown> = {};
  for (const [name, { fallback }] of Object.entries(OPTIONS)) value[name] = fallback;
  if (given !== undefined && (given === null || typeof given !== 'object' || Array.isArray(given))) {
    errors.push(wrongOption('nodeProfilingIntegration()', given, 'an object or nothing'));
    return { value: value as unknown as EngineOptions, errors };
  }
  for (const [name, found] of Object.entries(given ?? {})) {
    const option = (OPTIONS as Record<string, NumberOption | ChoiceOption>)[name];
    if (option === undefined) errors.push(unknownOption(name, Object.keys(OPTIONS)));
    else if (isAllowed(option, found)) value[name] = found;
    else if (found !== undefined) {
      const { fallback } = option;
      errors.push(wrongOption(name, found, `${describeAllowed(option)}; the default ${show(fallback)} is used`));
    }
  }
  return { value: value as unknown as EngineOptions, errors };
}

function isAllowed(option: NumberOption | ChoiceOption, found: unknown): boolean {
  if ('allowed' in option) return option.allowed.some((allowed) => allowed === found);
  return Number.isInteger(found) && (found as number) >= option.min && (found as number) <= option.max;
}

function describeAllowed(option: NumberOption | ChoiceOption): string {
  if ('allowed' in option) return option.allowed.map(show).join(' or ');
  return `an integer from ${option.min} to ${option.max}`;
}

/** What `Sentry.init` says about profiling. */
export interface ProfilingChoice {
  readonly lifecycle: 'manual' | 'trace';
  /** 0 to 1; `undefined` if the user did not set it, which counts as 0. */
  readonly sessionSampleRate: number | undefined;
}

export function checkSentryOptions(given: SentryOptions): Checked<ProfilingChoice> {
  const errors: ProfilingError[] = [];
  const { profileLifecycle, profileSessionSampleRate } = given;

  if (profileLifecycle !== undefined && profileLifecycle !== 'manual' && profileLifecycle !== 'trace') {
    errors.push(wrongOption('profileLifecycle', profileLifecycle, "'manual' or 'trace'; 'manual' is used"));
  }
  let rate: number | undefined;
  if (profileSessionSampleRate !== undefined) {
    const valid =
      typeof profileSessionSampleRate === 'number' && profileSessionSampleRate >= 0 && profileSessionSampleRate <= 1;
    rate = valid ? profileSessionSampleRate : 0;
    if (!valid) {
      errors.push(wrongOption('profileSessionSampleRate', profileSessionSampleRate, 'a number from 0 to 1; 0 is used'));
    }
  }
  for (const legacy of ['profilesSampleRate', 'profilesSampler'] as const) {
    if (given[legacy] === undefined) continue;
    const instead = 'transaction profiles are not available yet; set profileSessionSampleRate and profileLifecycle';
    errors.push(wrongOption(legacy, given[legacy], instead));
  }
  return { value: { lifecycle: profileLifecycle === 'trace' ? 'trace' : 'manual', sessionSampleRate: rate }, errors };
}

/** The environment variables that we read, besides those that name a binary. */
export interface EnvironmentChoice {
  /** `NEXT_PROFILING=off` */
  readonly off: boolean;
  /** `NEXT_PROFILING=sampled` */
  readonly sampled: boolean;
  /** `NEXT_PROFILING_ATTRIBUTION=off` */
  readonly attributionOff: boolean;
  /** `SENTRY_PROFILER_LOGGING_MODE=lazy` */
  readonly lazyLogging: boolean;
}

export function checkEnvironment(env: Record<string, string | undefined>): Checked<EnvironmentChoice> {
  const errors: ProfilingError[] = [];
  const oneOf = (variable: string, allowed: readonly string[], used: string): string | undefined => {
    const found = env[variable];
    if (found === undefined || found === '' || allowed.includes(found)) return found;
    errors.push(wrongEnvironment(variable, found, allowed.map(show).join(' or '), `it counts as ${used}`));
    return undefined;
  };
  const choice = oneOf('NEXT_PROFILING', ['on', 'off', 'sampled'], "'on'");
  const attributionOff = oneOf('NEXT_PROFILING_ATTRIBUTION', ['auto', 'off'], "'auto'") === 'off';
  const lazyLogging = oneOf('SENTRY_PROFILER_LOGGING_MODE', ['eager', 'lazy'], "'eager'") === 'lazy';
  return { value: { off: choice === 'off', sampled: choice === 'sampled', attributionOff, lazyLogging }, errors };
}
