import { hostTarget, parseTarget, TARGETS, type Target } from '../native/target.ts';
import { unknownOption, wrongOption } from '../src/errors.ts';

/** What a user may pass as the second argument of `withProfiling`. */
export interface PluginOptions {
  /** The platform, or platforms, that the server will run on. Default: the one that builds. */
  target?: Target | readonly Target[];
  /** Whether routes, pages, layouts and actions get spans of their own. Default: true. */
  instrument?: boolean;
  /** Whether the source maps of the server's code are kept, so that frames can be read. Default: true. */
  readableFrames?: boolean;
}

/** The same, checked and with every default filled in. */
export interface PluginSettings {
  /** Never empty, no duplicates. The host may be a platform that there is no binary for. */
  readonly targets: readonly string[];
  readonly instrument: boolean;
  readonly readableFrames: boolean;
}

const OPTIONS = ['target', 'instrument', 'readableFrames'] as const;

/** Throws an error that names the option, its value and what is allowed. */
export function parseOptions(options: unknown = {}): PluginSettings {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrongOption('options', options, 'an object');
  }
  for (const name of Object.keys(options)) {
    if (!OPTIONS.some((known) => known === name)) throw unknownOption(name, OPTIONS);
  }
  const { target, instrument, readableFrames } = options as Record<string, unknown>;
  return {
    targets: parseTargets(target),
    instrument: parseBoolean('instrument', instrument),
    readableFrames: parseBoolean('readableFrames', readableFrames),
  };
}

function parseTargets(value: unknown): string[] {
  if (value === undefined) return [hostTarget()];
  if (!Array.isArray(value)) return [parseTarget(value)];
  if (value.length === 0) throw wrongOption('target', value, `at least one of ${TARGETS.join(', ')}`);
  return [...new Set(value.map(parseTarget))];
}

function parseBoolean(name: string, value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'boolean') throw wrongOption(name, value, 'true, false');
  return value;
}
