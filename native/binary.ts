/** The file name of the addon for a target: the same in the package, in a build's output and in a user's folder. */
export function binaryName(target: string): string {
  return `next-profiling-${target}.node`;
}

/** What the user may set to name a binary. */
export interface BinaryEnvironment extends Record<string, string | undefined> {
  /** This file, without any check. */
  SENTRY_PROFILER_BINARY_PATH?: string;
  /** The folder that holds a file of our name. */
  SENTRY_PROFILER_BINARY_DIR?: string;
}

/**
 * Where the binary for `target` may be, best first. A path that the user named is the only candidate: falling back to
 * another file would hide a mistake.
 *
 * @param folders folders to look in when nothing is named, as absolute paths
 */
export function binaryCandidates(target: string, folders: readonly string[], env: BinaryEnvironment): string[] {
  if (env.SENTRY_PROFILER_BINARY_PATH) return [env.SENTRY_PROFILER_BINARY_PATH];
  const name = binaryName(target);
  const named = env.SENTRY_PROFILER_BINARY_DIR;
  return (named ? [named] : folders).map((folder) => `${folder.replace(/[/\\]+$/, '')}/${name}`);
}
