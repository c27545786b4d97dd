import { execFileSync } from 'node:child_process';

/** The command, run where a script has changed the mounts for it alone. It keeps the process id, so signals reach it. */
export function inMountNamespace(script: string, command: readonly string[]): string[] {
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return ['unshare', ...asRoot, '--mount', 'sh', '-c', `${script} && exec "$@"`, 'sh', ...command];
}

export const readOnly = (folder: string): string =>
  `mount --bind "${folder}" "${folder}" && mount -o remount,bind,ro "${folder}"`;

export const WITHOUT_PROC = 'mount -t tmpfs none /proc';

/** What the Sentry SDK itself cannot do without when it starts: the memory that the process uses. */
export const ONLY_STAT_IN_PROC = `stat=$(cat /proc/self/stat) && ${WITHOUT_PROC} && mkdir /proc/self && echo "$stat" > /proc/self/stat`;

/** Not every container lets its processes do this. */
export function mountsCanChange(): boolean {
  try {
    const [file = '', ...args] = inMountNamespace(WITHOUT_PROC, ['true']);
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
