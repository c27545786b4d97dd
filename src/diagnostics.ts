import { PREFIX } from './errors.ts';

const said = new Set<string>();

/** Writes one line to standard error. The app's own logs stay its own: one line per subject, ever. */
export function warnOnce(subject: string, message: string): void {
  if (said.has(subject)) return;
  said.add(subject);
  console.warn(message.startsWith(PREFIX) ? message : `${PREFIX} ${message}`);
}
