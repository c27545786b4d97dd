import { sampleWeights } from '../../src/profile/sample-weights.ts';
import type { Sink } from '../sink.ts';
import type { SentSpan } from './sent-spans.ts';

/** Milliseconds of a function that Sentry shows for a span: of samples of its thread, from its start to its end. */
export function shownBySentry(sink: Sink, { start, end, attributes }: SentSpan, functionName: string): number {
  let micros = 0;
  for (const { profile } of sink.chunks) {
    const threadId = String(attributes['thread.id'] ?? profile.samples[0]?.thread_id);
    const samples = profile.samples
      .filter(({ thread_id }) => thread_id === threadId)
      .sort((one, other) => one.timestamp - other.timestamp);
    sampleWeights(samples, { from: start, to: end }).forEach((weight, index) => {
      const stack = profile.stacks[samples[index]?.stack_id ?? -1] ?? [];
      if (stack.some((frame) => profile.frames[frame]?.function === functionName)) micros += weight;
    });
  }
  return micros / 1000;
}
