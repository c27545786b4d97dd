import { PREFIX } from './errors.ts';

/** What was said, by subject. On the process: bundlers give each module graph a copy of this file. */
const KEY = Symbol.for('next-profiling.said');
const globals = globalThis as { [KEY]?: Map<string, string> };

/** Writes one line to standard error. The app's own logs stay its own: one line per subject, ever. */
export function warnOnce(subject: string, message: string): void {
  globals[KEY] ??= new Map();
  if (globals[KEY].has(subject)) return;
  globals[KEY].set(subject, message);
  console.warn(message.startsWith(PREFIX) ? message : `${PREFIX} ${message}`);
}

/** The message that was written on a subject, whichever copy of this file wrote it. */
export const saidOn = (subject: string): string | undefined => globals[KEY]?.get(subject);
