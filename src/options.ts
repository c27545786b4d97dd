import type { IntegrationOptions, SentryOptions } from './engine.ts';
import { type ProfilingError, show, unknownOption, wrongEnvironment, wrongOption } from './errors.ts';

/** The integration's options after checks, every one set but those without a default. */
export type EngineOptions = Required<Omit<IntegrationOptions, 'spoolDir'>> & { spoolDir: string | undefined };

type OptionName = keyof EngineOptions;

interface NumberOption {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  /** Whether it may be any number between the two, instead of an integer. */
  readonly isShare?: true;
}

/** An option that is one of a few values. */
interface ChoiceOption {
  readonly fallback: string | boolean;
  readonly allowed: readonly (string | boolean)[];
}

/** An option that is the path of a folder. */
interface FolderOption {
  readonly fallback: undefined;
  readonly isFolder: true;
}

type Option = NumberOption | ChoiceOption | FolderOption;

const OPTIONS: { readonly [name in OptionName]: Option } = {
  samplingIntervalMicros: { fallback: 10_101, min: 100, max: 1_000_000 },
  chunkDurationMs: { fallback: 30_000, min: 1_000, max: 60_000 },
  maxSpanDurationMs: { fallback: 300_000, min: 1_000, max: 86_400_000 },
  idleTimeoutMs: { fallback: 1_000, min: 0, max: 60_000 },
  attribution: { fallback: 'auto', allowed: ['auto', 'off'] },
  lanes: { fallback: true, allowed: [true, false] },
  maxOverhead: { fallback: 0.03, min: 0.001, max: 1, isShare: true },
  spoolDir: { fallback: undefined, isFolder: true },
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
    const option = (OPTIONS as Record<string, Option>)[name];
    if (option === undefined) errors.push(unknownOption(name, Object.keys(OPTIONS)));
    else if (isAllowed(option, found)) value[name] = found;
    else if (found !== undefined) {
      const { fallback } = option;
      const used = fallback === undefined ? 'none' : `the default ${show(fallback)}`;
      errors.push(wrongOption(name, found, `${describeAllowed(option)}; ${used} is used`));
    }
  }
  return { value: value as unknown as EngineOptions, errors };
}

function isAllowed(option: Option, found: unknown): boolean {
  if ('isFolder' in option) return typeof found === 'string' && found !== '';
  if ('allowed' in option) return option.allowed.some((allowed) => allowed === found);
  const isNumber = option.isShare ? typeof found === 'number' : Number.isInteger(found);
  return isNumber && (found as number) >= option.min && (found as number) <= option.max;
}

function describeAllowed(option: Option): string {
  if ('isFolder' in option) return 'the path of a folder';
  if ('allowed' in option) return option.allowed.map(show).join(' or ');
  return `${option.isShare ? 'a number' : 'an integer'} from ${option.min} to ${option.max}`;
}

/** Says for each root span that is sampled whether it gets a profile of its own: a share, or a decision. */
export type TransactionSampler = (context: { name: string; attributes: Record<string, unknown> }) => unknown;

/** What `Sentry.init` says about profiling. */
export interface ProfilingChoice {
  readonly lifecycle: 'manual' | 'trace' | 'transaction';
  /** 0 to 1; `undefined` if the user did not set it, which counts as 0. */
  readonly sessionSampleRate: number | undefined;
  /** Of the `transaction` lifecycle. */
  readonly sampler?: TransactionSampler;
}

export function checkSentryOptions(given: SentryOptions): Checked<ProfilingChoice> {
  const errors: ProfilingError[] = [];
  const { profileLifecycle, profileSessionSampleRate } = given;
  const legacy = checkLegacyOptions(given, errors);
  if (legacy) return { value: legacy, errors };

  if (profileLifecycle !== undefined && profileLifecycle !== 'manual' && profileLifecycle !== 'trace') {
    errors.push(wrongOption('profileLifecycle', profileLifecycle, "'manual' or 'trace'; 'manual' is used"));
  }
  return {
    value: {
      lifecycle: profileLifecycle === 'trace' ? 'trace' : 'manual',
      sessionSampleRate: rateOf('profileSessionSampleRate', profileSessionSampleRate, errors),
    },
    errors,
  };
}

/** Sentry's older options, one profile per transaction. They count only where none of the newer ones is set. */
function checkLegacyOptions(given: SentryOptions, errors: ProfilingError[]): ProfilingChoice | undefined {
  const name = (['profilesSampler', 'profilesSampleRate'] as const).find((option) => given[option] !== undefined);
  if (name === undefined) return undefined;
  const newer = (['profileSessionSampleRate', 'profileLifecycle'] as const).find(
    (option) => given[option] !== undefined,
  );
  if (newer) {
    errors.push(wrongOption(name, given[name], `nothing beside ${newer}, which is used instead`));
    return undefined;
  }
  if (given.traceLifecycle === 'stream') {
    const fix = 'set profileSessionSampleRate and profileLifecycle instead';
    errors.push(wrongOption(name, given[name], `only with traceLifecycle 'static', which sends transactions; ${fix}`));
    return { lifecycle: 'manual', sessionSampleRate: 0 };
  }
  const { profilesSampler } = given;
  if (typeof profilesSampler === 'function') {
    return { lifecycle: 'transaction', sessionSampleRate: undefined, sampler: profilesSampler as TransactionSampler };
  }
  if (name === 'profilesSampler') errors.push(wrongOption(name, profilesSampler, 'a function; it counts as 0'));
  const rate = name === 'profilesSampler' ? 0 : rateOf(name, given[name], errors);
  return { lifecycle: 'transaction', sessionSampleRate: undefined, sampler: () => rate };
}

/** `undefined` if it is not given, 0 if it is wrong. */
function rateOf(name: string, given: unknown, errors: ProfilingError[]): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'number' && given >= 0 && given <= 1) return given;
  errors.push(wrongOption(name, given, 'a number from 0 to 1; 0 is used'));
  return 0;
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
  /** `NEXT_PROFILING_SPOOL_DIR` */
  readonly spoolDir: string | undefined;
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
  const spoolDir = env.NEXT_PROFILING_SPOOL_DIR || undefined;
  return {
    value: { off: choice === 'off', sampled: choice === 'sampled', attributionOff, lazyLogging, spoolDir },
    errors,
  };
}
