import { spawnSync } from 'node:child_process';

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

/** What the system says where it does not allow this. */
const REFUSED = /not permitted|denied|not implemented|No space left/i;

/** Not every container lets its processes do this, nor has every system the program. Throws for what is wrong here: tests would be skipped for it. */
export function mountsCanChange(): boolean {
  const [file = '', ...args] = inMountNamespace(WITHOUT_PROC, ['true']);
  const { status, stderr, error } = spawnSync(file, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  if (status === 0) return true;
  if (error !== undefined || REFUSED.test(stderr)) return false;
  throw new Error(`${file} ended with ${status}: ${stderr}`);
}
