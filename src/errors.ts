/**
 * Every error and warning of the project, in one file: one prefix, one code each, and a sentence that says what was
 * looked for, what was found and what to do.
 */

export const PREFIX = '[next-profiling]';

/** How the door begins to say that there is no engine. `doctor` looks for it in a build's output. */
export const ENGINE_NOT_FOUND = 'the profiling engine was not found';

/** An error whose message is fit to be shown to a user as it stands. `code` is stable and documented. */
export class ProfilingError extends Error {
  override readonly name = 'ProfilingError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${PREFIX} ${message} (${code})`, options);
    this.code = code;
  }
}

/** Shows a value in a message: short, quoted, never throwing. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 80 ? `${value.slice(0, 80)}…` : value}'`;
  if (typeof value === 'function') return 'a function';
  if (value !== null && typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const wrongOption = (option: string, value: unknown, allowed: string): ProfilingError =>
  new ProfilingError('NP_OPTION', `option '${option}' is ${show(value)}; allowed: ${allowed}`);

export const unknownOption = (option: string, known: readonly string[]): ProfilingError =>
  new ProfilingError('NP_OPTION', `unknown option '${option}'; known options: ${known.join(', ')}`);

export const wrongEnvironment = (variable: string, value: string, allowed: string, used: string): ProfilingError =>
  new ProfilingError('NP_ENV', `${variable} is ${show(value)}; allowed: ${allowed}; ${used}`);

export const unknownTarget = (found: unknown, known: readonly string[]): ProfilingError =>
  new ProfilingError('NP_TARGET', `unknown target ${show(found)}; known targets: ${known.join(', ')}`);

export const noBinary = (target: string, tried: readonly string[], fix: string): ProfilingError =>
  new ProfilingError(
    'NP_BINARY',
    `no usable binary for ${target}; tried: ${tried.length === 0 ? 'nothing' : tried.join('; ')}; ${fix}`,
  );

export const malformedEnvelope = (problem: string, where: { item?: number; offset: number }): ProfilingError =>
  new ProfilingError(
    'NP_ENVELOPE',
    `malformed envelope: ${problem} (${where.item === undefined ? 'header' : `item ${where.item}`}, byte ${where.offset})`,
  );

export const bodyTooLarge = (what: string, limitBytes: number): ProfilingError =>
  new ProfilingError('NP_BODY_TOO_LARGE', `${what} is larger than the limit of ${limitBytes} bytes`);

export const unknownEncoding = (encoding: string, known: readonly string[]): ProfilingError =>
  new ProfilingError('NP_ENCODING', `content-encoding ${show(encoding)} is not known here; known: ${known.join(', ')}`);

export const undecodableBody = (encoding: string, cause: unknown): ProfilingError =>
  new ProfilingError('NP_BODY', `the body is not valid ${encoding}: ${messageOf(cause)}`, { cause });

export const noSqlite = (found: string, cause: string): ProfilingError =>
  new ProfilingError(
    'NP_SQLITE',
    `the collector needs Node 22.13 or newer for its SQLite store, found ${found}; run this command with a newer Node ` +
      `(the app that is profiled may stay on its own): ${cause}`,
  );

export const unusableStore = (file: string, cause: unknown, fix: string): ProfilingError =>
  new ProfilingError('NP_STORE', `cannot use the store ${show(file)}: ${messageOf(cause)}; ${fix}`, { cause });

export const foreignStore = (file: string): ProfilingError =>
  new ProfilingError(
    'NP_STORE',
    `the store ${show(file)} is a SQLite database of another program; choose another file with --store`,
  );

export const newerStore = (file: string, found: number, known: number): ProfilingError =>
  new ProfilingError(
    'NP_STORE',
    `the store ${show(file)} has schema version ${found}, this version of next-profiling knows up to ${known}; ` +
      'update next-profiling or choose another file with --store',
  );

export const unknownStore = (address: string): ProfilingError =>
  new ProfilingError(
    'NP_OPTION',
    `--store is ${show(address)}; allowed: sqlite:FILE, FILE or clickhouse://HOST/DATABASE`,
  );

/** The address is not shown: it may hold a password. */
export const wrongStoreAddress = (problem: string): ProfilingError =>
  new ProfilingError(
    'NP_OPTION',
    `--store cannot be used: ${problem}; ` +
      'allowed: clickhouse://USER@HOST:PORT/DATABASE?cluster=NAME&retention_days=N&tls=true, all but the host optional',
  );

export const storeBusy = (location: string, limitBytes: number): ProfilingError =>
  new ProfilingError(
    'NP_STORE_BUSY',
    `the store ${show(location)} takes profiles more slowly than they come: ${limitBytes} bytes wait already; ` +
      'start more collectors, or give the store more to run on',
  );

export const collectorBusy = (limitBytes: number): ProfilingError =>
  new ProfilingError(
    'NP_BUSY',
    `profiles come faster than this collector can read them: ${limitBytes} bytes wait already; start more collectors`,
  );

export const foreignDatabase = (location: string, found: string): ProfilingError =>
  new ProfilingError(
    'NP_STORE',
    `the store ${show(location)} holds tables of another program (${found}); name another database in --store`,
  );

export const brokenRow = (location: string, column: string, found: unknown): ProfilingError =>
  new ProfilingError(
    'NP_STORE',
    `the store ${show(location)} cannot keep ${show(found)} as ${column}; nothing was stored`,
  );

export const noPrebuild = (target: string, folder: string, found: readonly string[]): ProfilingError =>
  new ProfilingError(
    'NP_PREBUILD',
    `no binary for target '${target}' in ${folder}; found: ${found.length === 0 ? 'none' : found.join(', ')}; ` +
      "set withProfiling's 'target' option to the platform that the server will run on",
  );

export const noEngineFile = (file: string): ProfilingError =>
  new ProfilingError('NP_ENGINE', `the package is incomplete: ${file} is missing; install next-profiling again`);

export const unsupportedNext = (found: string, needed: string): ProfilingError =>
  new ProfilingError('NP_NEXT', `withProfiling needs ${needed}; found Next.js ${found}`);

export const portTaken = (host: string, port: number): ProfilingError =>
  new ProfilingError(
    'NP_PORT',
    `port ${port} on ${host} is taken by another process; stop it, choose another with --port, or use --port 0 for a free one`,
  );

export const cannotListen = (host: string, port: number, cause: unknown): ProfilingError =>
  new ProfilingError('NP_PORT', `cannot listen on ${host} port ${port}: ${messageOf(cause)}`, { cause });

export const tokenNeeded = (host: string): ProfilingError =>
  new ProfilingError(
    'NP_OPTION',
    `--host ${show(host)} is reachable from other machines; it is allowed only together with --token, a secret of at ` +
      'least 16 letters, digits, - or _',
  );

/** A command line that cannot be understood. `command` is what to ask for help with. */
export const wrongUsage = (problem: string, command: string): ProfilingError =>
  new ProfilingError('NP_USAGE', `${problem}; see ${command} --help`);

export const noStoreFile = (file: string): ProfilingError =>
  new ProfilingError(
    'NP_STORE',
    `there is no store ${show(file)}; record one with: next-profiling run -- next start, or name another with --store`,
  );

/** A comparison that would say nothing. */
export const nothingToCompare = (problem: string): ProfilingError =>
  new ProfilingError(
    'NP_DIFF',
    `cannot compare: ${problem}; profile both builds under the same load, some hundred requests of each route, several times in turn`,
  );

export const cannotStart = (command: string, cause: unknown): ProfilingError =>
  new ProfilingError('NP_COMMAND', `cannot start ${show(command)}: ${messageOf(cause)}`, { cause });

export const noCommand = (command: string, folder: string): ProfilingError =>
  new ProfilingError(
    'NP_COMMAND',
    `cannot start ${show(command)}: it is not on the PATH, and no package of that name with a command is in node_modules of ` +
      `${folder} or above; install it, or give its path`,
  );

export const bodyCutOff = (cause: unknown): ProfilingError =>
  new ProfilingError('NP_BODY_CUT_OFF', `the sender went away before the end of the body: ${messageOf(cause)}`, {
    cause,
  });

export const tooDeepToExport = (format: string, frames: number, most: number): ProfilingError =>
  new ProfilingError(
    'NP_EXPORT',
    `the stacks are too deep for the format ${format}, ${frames} frames where ${most} can be written; ` +
      'choose cpuprofile, or a shorter time',
  );

export const cannotWrite = (file: string, cause: unknown): ProfilingError =>
  new ProfilingError(
    'NP_OUTPUT',
    `${show(file)} cannot be written: ${messageOf(cause)}; choose another with --output`,
    {
      cause,
    },
  );
