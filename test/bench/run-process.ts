import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environmentOf } from './contender-environment.ts';
import type { Contender } from './contenders.ts';
import { Receiver, type Upload } from './receiver.ts';

export interface Ran<Printed> {
  readonly printed: Printed;
  readonly uploads: readonly Upload[];
}

/** Runs a file of `processes/` to its end as a contender's. Answers with what it printed, as JSON, and what it sent. */
export async function runProcess<Printed>(
  contender: Contender,
  file: string,
  args: readonly string[],
  options: { lifecycle: 'manual' | 'trace'; periodSeconds?: number },
): Promise<Ran<Printed>> {
  const receiver = await Receiver.listen();
  try {
    const script = join(import.meta.dirname, 'processes', file);
    const env = { ...environmentOf(contender, receiver, options), BENCH_LIFECYCLE: options.lifecycle };
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], {
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
    const last = stdout.trim().split('\n').at(-1);
    return { printed: JSON.parse(last || 'null'), uploads: receiver.uploads };
  } finally {
    await receiver.close();
  }
}
