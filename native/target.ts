import { unknownTarget } from '../src/errors.ts';
import { libcOf } from './libc.ts';

/** The platforms that binaries are named for: platform, architecture and, on Linux, libc. Never the Node version. */
export const TARGETS = [
  'linux-x64-glibc',
  'linux-x64-musl',
  'linux-arm64-glibc',
  'linux-arm64-musl',
  'darwin-arm64',
  'darwin-x64',
  'win32-x64',
  'win32-arm64',
] as const;

export type Target = (typeof TARGETS)[number];

/** Whether we publish a binary for a platform. Processes on others are profiled through `node:inspector`. */
export function hasBinary(target: string): boolean {
  return TARGETS.some((known) => known === target);
}

/** Checks a target that a person typed. Throws an error that lists what there is. */
export function parseTarget(value: unknown): Target {
  const target = TARGETS.find((known) => known === value);
  if (target === undefined) throw unknownTarget(value, TARGETS);
  return target;
}

/**
 * The name of the platform that this process runs on; it may be one that we have no binary for (`freebsd-x64`).
 * On Linux the libc is read from the running executable; where that cannot be read it counts as glibc, and the loader
 * refuses a binary for another.
 */
export function hostTarget(): string {
  const { platform, arch } = process;
  if (platform !== 'linux') return `${platform}-${arch}`;
  return `${platform}-${arch}-${libcOf('/proc/self/exe') ?? libcOf(process.execPath) ?? 'glibc'}`;
}
