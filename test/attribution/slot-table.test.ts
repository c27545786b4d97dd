import { expect, test } from 'vitest';
import { SlotTable } from '../../src/attribution/slot-table.ts';

const span = (spanId: string) => ({ traceId: 'f'.repeat(32), spanId });

test('code that runs after a spans end belongs to the nearest ancestor that is alive', () => {
  const table = new SlotTable();
  const tree = table.plant(null, 100);
  const root = table.own(span('root'), tree, null, 100);
  const child = table.own(span('child'), tree, root, 110);
  const grandchild = table.own(span('grandchild'), tree, child, 120);
  expect(table.running(grandchild.slot, 125)).toBe(grandchild);
  table.end(grandchild, 130);
  expect(table.running(grandchild.slot, 135)).toBe(child);
  table.end(child, 140);
  expect(table.running(grandchild.slot, 145)).toBe(root);
  // What was sampled before is read as it was.
  expect(table.running(grandchild.slot, 125)).toBe(grandchild);
});

test('what a task does shortly after its root spans end is the roots, and what it does later nobodys', () => {
  const table = new SlotTable();
  const tree = table.plant(null, 100);
  const root = table.own(span('root'), tree, null, 100);
  const child = table.own(span('child'), tree, root, 110);
  expect(table.end(root, 120)).toBe(false);
  expect(table.running(child.slot, 130)).toBe(child);
  expect(table.end(child, 140)).toBe(true);
  expect(table.inUse).toBe(0);
  expect(table.running(child.slot, 130)).toBe(child);
  expect(table.running(child.slot, 50_000)).toBe(root);
  expect(table.running(child.slot, 150_000)).toBeNull();
  table.forgetEnded(50_000);
  expect(table.running(child.slot, 50_000)).toBe(root);
  table.forgetEnded(150_000);
  expect(table.running(child.slot, 50_000)).toBeNull();
});

test('slots are not given twice, however many spans there were', () => {
  const table = new SlotTable();
  const slots = new Set<number>();
  // One that never ends keeps its place, and every other has to go round it.
  const first = table.own(span('first'), table.plant(null, 0), null, 0);
  for (let micros = 0; micros < 400_000; micros += 2) {
    table.tidy(micros);
    const root = table.own(span('root'), table.plant(null, micros), null, micros);
    slots.add(root.slot);
    table.end(root, micros + 1);
  }
  expect(slots.size).toBe(200_000);
  expect(slots.has(first.slot)).toBe(false);
  expect(table.get(first.slot)).toBe(first);
  table.end(first, 400_000);
  expect(table.inUse).toBe(0);
});

test('finds the trees of root spans that started before a time', () => {
  const table = new SlotTable();
  for (const start of [10, 20, 30]) table.own(span(`at ${start}`), table.plant(null, start), null, start);
  expect([...table.treesOlderThan(25)].map(({ owners }) => owners[0]?.spanId)).toEqual(['at 10', 'at 20']);
});

test('a root span takes over the slot of its request, with what was done before it started', () => {
  const table = new SlotTable();
  const arrived = table.arrive(100);
  expect(table.isArriving(arrived.slot)).toBe(true);
  expect(table.running(arrived.slot, 150)).toBe(arrived);
  table.adopt(arrived.slot, span('root'), null, 200);
  expect(table.isArriving(arrived.slot)).toBe(false);
  expect(table.running(arrived.slot, 150)?.spanId).toBe('root');
  expect(table.inUse).toBe(1);
  expect(table.end(arrived, 300)).toBe(true);
  expect(table.inUse).toBe(0);
});

test('a request without a root span is forgotten after a second', () => {
  const table = new SlotTable();
  const first = table.arrive(0);
  const second = table.arrive(900_000);
  expect(table.inUse).toBe(0);
  table.tidy(1_500_000);
  expect(table.running(first.slot, 10)).toBeNull();
  expect(table.running(second.slot, 900_010)).toBe(second);
  table.adopt(first.slot, span('too late'), null, 1_600_000);
  expect(table.isArriving(first.slot)).toBe(false);
});
