/** A thread that reads envelopes: what `envelope-readers.ts` starts. */
import { parentPort } from 'node:worker_threads';
import { ProfilingError } from '../errors.ts';
import type { ReadAnswer, ReadQuestion } from './envelope-readers.ts';
import { readEnvelope } from './read-envelope.ts';

parentPort?.on('message', async ({ number, wire }: ReadQuestion) => {
  const answer = await answerTo(number, wire);
  parentPort?.postMessage(answer);
});

async function answerTo(number: number, wire: ReadQuestion['wire']): Promise<ReadAnswer> {
  try {
    return { number, envelope: await readEnvelope(wire) };
  } catch (error) {
    // Of an error, only what every error has passes from thread to thread.
    const known =
      error instanceof ProfilingError ? { code: error.code, text: error.message, cause: error.cause } : null;
    return { number, known, error };
  }
}
