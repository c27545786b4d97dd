import { expect, test } from 'vitest';
import type { ChunkMeta, SamplingBinding, SerializedChunk } from '../../native/binding.ts';
import { checkIntegrationOptions } from '../../src/options.ts';
import type { Drop } from '../../src/profile/types.ts';
import type { Delivery } from '../../src/profiler/handover.ts';
import { ProfilerSession } from '../../src/profiler/session.ts';
import { NO_WITNESS } from './no-witness.ts';

/** Hands back what a chunk would say, without V8. */
class TellingBinding implements SamplingBinding {
  start(): void {}
  pause(): void {}
  recreate(): boolean {
    return true;
  }
  finish(): SerializedChunk[] {
    return [];
  }
  cut({ extension }: ChunkMeta): ReturnType<SamplingBinding['cut']> {
    const json = Buffer.from(`{${extension}}`);
    const chunk = { json, samples: 50, busySamples: 20, samplesWithoutSpan: 20, cpuMicros: 0 };
    return { startError: '', chunk: Promise.resolve(chunk) };
  }
}

/** A session whose chunks become of what is said, one after the other, and what each told of others. */
async function toldBy(deliveries: Delivery[], recordsLost: number[] = []): Promise<(Drop[] | undefined)[]> {
  const told: (Drop[] | undefined)[] = [];
  const outlet = {
    describe: () => ({}),
    debugIds: () => '',
    send: async (json: Uint8Array) => {
      told.push(JSON.parse(new TextDecoder().decode(json)).dropped);
      return deliveries[told.length - 1] as Delivery;
    },
  };
  const witness = {
    ...NO_WITNESS,
    takeChunk: () => ({ ...NO_WITNESS.takeChunk(), recordsLost: recordsLost.shift() ?? 0 }),
  };
  const session = new ProfilerSession(new TellingBinding(), checkIntegrationOptions({}).value, witness, outlet);
  session.start();
  for (let i = 0; i < deliveries.length; i++) await session.deliver();
  session.stop();
  return told.slice(0, deliveries.length);
}

const read = (drops: Drop[] | undefined) => drops?.map(({ reason, chunks, samples }) => [reason, chunks, samples]);

test('a drop is told by chunk after chunk until one of them arrives, and then no more', async () => {
  const told = await toldBy(['send_failed', 'queue_full', 'queue_full', 'sent', 'sent']);
  expect(told.map(read)).toEqual([
    undefined,
    [['send_failed', 1, 20]],
    [
      ['send_failed', 1, 20],
      ['queue_full', 1, 20],
    ],
    [
      ['send_failed', 1, 20],
      ['queue_full', 2, 40],
    ],
    undefined,
  ]);
});

test('a chunk without anything to see is no loss', async () => {
  expect((await toldBy(['too_few_samples', 'sent'])).map(read)).toEqual([undefined, undefined]);
});

test('samples whose records were overwritten are told by the chunk that lacks them', async () => {
  expect((await toldBy(['sent', 'sent', 'sent'], [0, 31])).map(read)).toEqual([
    undefined,
    [['ring_full', 0, 31]],
    undefined,
  ]);
});
