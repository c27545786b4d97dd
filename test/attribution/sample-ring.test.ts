import { expect, test } from 'vitest';
import { SampleRing } from '../../src/attribution/sample-ring.ts';

const LENGTH = 5;

test('records that were overwritten before they were read are counted, once', () => {
  const ring = new SampleRing(10_101);
  const { memory } = ring;
  const capacity = (memory.length - 1) / LENGTH;
  const write = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const at = 1 + ((memory[0] as number) % capacity) * LENGTH;
      memory.fill(memory[0] as number, at, at + LENGTH);
      memory[0] = (memory[0] as number) + 1;
    }
  };
  const read = (): number[] => {
    const times: number[] = [];
    ring.drain(({ since }) => times.push(since));
    return times;
  };
  write(10);
  expect(read()).toHaveLength(10);
  write(capacity + 7);
  const times = read();
  expect(times).toHaveLength(capacity);
  expect(times[0]).toBe(17);
  expect(ring.takeLost()).toBe(7);
  expect(ring.takeLost()).toBe(0);
});
