/** One option of a command. `value` names its argument in the help; without it the option is a switch. */
export interface OptionSpec {
  value?: string;
  help: string;
}

/** A command of the command line. */
export interface Command {
  name: string;
  /** Completes `next-profiling NAME …`. */
  usage: string;
  summary: string;
  options: Readonly<Record<string, OptionSpec>>;
  /** Names of what may be given without an option, in this order. */
  words?: readonly string[];
  /** Resolves to the exit code. Throws a `ProfilingError` for the user to read. */
  run(input: CommandInput): Promise<number>;
}

/** A parsed command line. */
export interface CommandInput {
  values: Readonly<Record<string, string | boolean | undefined>>;
  /** What was given without an option. */
  words: readonly string[];
  /** What follows `--`. */
  rest: readonly string[];
}

export const DEFAULT_STORE = '.next-profiling/profiles.db';

/** Where `withProfiling` keeps the source maps of builds. */
export const DEFAULT_MAPS = '.next-profiling/maps';

/** Options that several commands share. */
export const STORE_OPTION: OptionSpec = {
  value: 'STORE',
  help: `profiles: FILE or clickhouse://HOST/DB (default ${DEFAULT_STORE})`,
};

/** What a file keeps at most. */
export const KEEP_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  keep: { value: 'TIME', help: 'how long profiles are kept, like 12h or 90d (default 30d)' },
  'keep-size': { value: 'SIZE', help: 'what they may take, like 500MB; the oldest go (default 5GB)' },
};

export const TRACES_LINK_OPTION: OptionSpec = {
  value: 'URL',
  help: 'your Sentry, like https://acme.sentry.io: traces link to theirs there',
};

export const MAPS_OPTION: OptionSpec = {
  value: 'DIR',
  help: `where builds keep their source maps (default ${DEFAULT_MAPS})`,
};
