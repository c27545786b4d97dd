import { wrongUsage } from '../errors.ts';
import type { CommandInput } from './command.ts';

type Values = CommandInput['values'];

/** An option's text, or `undefined` if it was not given. */
export function textOf(values: Values, option: string): string | undefined {
  const value = values[option];
  return typeof value === 'string' ? value : undefined;
}

/** A port, 0 for a free one. Throws `NP_USAGE`. */
export function portOf(values: Values, command: string): number | undefined {
  const text = textOf(values, 'port');
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw wrongUsage(`--port is '${text}'; allowed: 0 to 65535`, `next-profiling ${command}`);
  return port;
}

/** One of a few words. Throws `NP_USAGE`. */
export function oneOf<T extends string>(
  values: Values,
  option: string,
  allowed: readonly T[],
  command: string,
): T | undefined {
  const text = textOf(values, option);
  const found = allowed.find((word) => word === text);
  if (text !== undefined && found === undefined) {
    throw wrongUsage(`--${option} is '${text}'; allowed: ${allowed.join(', ')}`, `next-profiling ${command}`);
  }
  return found;
}

const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const DURATION = /^(\d{1,6})([smhd])$/;

/** A duration like `90s`, `10m`, `2h` or `1d`, in milliseconds. Throws `NP_USAGE`. */
export function durationMsOf(values: Values, option: string, command: string): number | undefined {
  const duration = amountOf(values, option, DURATION, 'a number and s, m, h or d, like 10m', command);
  return duration && ageMsOf(duration[0]);
}

/** `90s`, `10m`, `2h` or `1d` in milliseconds; `undefined` for anything else. */
export function ageMsOf(text: string): number | undefined {
  const [, amount, unit = ''] = DURATION.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNIT_MS[unit] ?? 0);
}

/** A share like `10%`. Throws `NP_USAGE`, also without the `%`, which could be meant either way. */
export function shareOf(values: Values, option: string, command: string): number | undefined {
  const percent = amountOf(values, option, /^(\d{1,4}(?:\.\d{1,3})?)%$/, 'a percentage, like 10%', command);
  return percent && Number(percent[1]) / 100;
}

/** Milliseconds like `1ms` or `0.5`. Throws `NP_USAGE`. */
export function millisecondsOf(values: Values, option: string, command: string): number | undefined {
  const ms = amountOf(values, option, /^(\d{1,6}(?:\.\d{1,3})?)(?:ms)?$/, 'milliseconds, like 0.5ms', command);
  return ms && Number(ms[1]);
}

const UNIT_BYTES: Record<string, number> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** A size like `500MB` or `20GB`, in bytes. Throws `NP_USAGE`. */
export function bytesOf(values: Values, option: string, command: string): number | undefined {
  const allowed = 'a number and KB, MB, GB or TB, like 5GB';
  const size = amountOf(values, option, /^(\d{1,6})(KB|MB|GB|TB)$/i, allowed, command);
  return size && Number(size[1]) * (UNIT_BYTES[String(size[2]).toUpperCase()] ?? 0);
}

function amountOf(
  values: Values,
  option: string,
  pattern: RegExp,
  allowed: string,
  command: string,
): RegExpExecArray | undefined {
  const text = textOf(values, option);
  if (text === undefined) return undefined;
  const found = pattern.exec(text);
  if (found === null) throw wrongUsage(`--${option} is '${text}'; allowed: ${allowed}`, `next-profiling ${command}`);
  return found;
}

/** An id of so many hexadecimal digits; dashes and capitals are fine. Throws `NP_USAGE`. */
export function hexOf(values: Values, option: string, digits: number, command: string): string | undefined {
  const text = textOf(values, option);
  const bare = text?.replaceAll('-', '').toLowerCase();
  if (bare !== undefined && !new RegExp(`^[0-9a-f]{${digits}}$`).test(bare)) {
    throw wrongUsage(`--${option} is '${text}'; allowed: ${digits} hexadecimal digits`, `next-profiling ${command}`);
  }
  return bare;
}

/** An address that a browser can follow, `http:` or `https:`. Throws `NP_USAGE`. */
export function webAddressOf(values: Values, option: string, command: string): string | undefined {
  const text = textOf(values, option);
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw wrongUsage(
      `--${option} is '${text}'; allowed: an address like https://acme.sentry.io`,
      `next-profiling ${command}`,
    );
  }
  return url.origin + url.pathname;
}
