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

/** A duration like `90s`, `10m`, `2h` or `1d`, in milliseconds. Throws `NP_USAGE`. */
export function durationMsOf(values: Values, option: string, command: string): number | undefined {
  const text = textOf(values, option);
  if (text === undefined) return undefined;
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined) {
    throw wrongUsage(
      `--${option} is '${text}'; allowed: a number and s, m, h or d, like 10m`,
      `next-profiling ${command}`,
    );
  }
  return Number(amount) * (UNIT_MS[unit] ?? 0);
}

const UNIT_BYTES: Record<string, number> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** A size like `500MB` or `20GB`, in bytes. Throws `NP_USAGE`. */
export function bytesOf(values: Values, option: string, command: string): number | undefined {
  const text = textOf(values, option);
  if (text === undefined) return undefined;
  const [, amount, unit = ''] = /^(\d{1,6})(KB|MB|GB|TB)$/i.exec(text) ?? [];
  if (amount === undefined) {
    const allowed = 'a number and KB, MB, GB or TB, like 5GB';
    throw wrongUsage(`--${option} is '${text}'; allowed: ${allowed}`, `next-profiling ${command}`);
  }
  return Number(amount) * (UNIT_BYTES[unit.toUpperCase()] ?? 0);
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
