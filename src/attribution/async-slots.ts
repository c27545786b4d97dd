import { AsyncLocalStorage } from 'node:async_hooks';
import type { ContextBinding } from '../../native/binding.ts';
import { messageOf } from '../errors.ts';

/** Each frame leaves fewer places in which the isolate may keep the current one; after the second it is one. */
const PROBES = 6;
/** Small, large and largest: what a slot may be. */
const TESTED_SLOTS = [1, 2, 77, 65_536, 2 ** 30];

const NO_FRAME =
  'this process has no async context frame (Node has from 24 on, and 22 with --experimental-async-context-frame)';

/** Where the running slot is kept, and why it is there or not. */
export interface AsyncSlots {
  /** `run(slot, …)` makes a slot the running one. `null` where the addon cannot read it. */
  readonly storage: AsyncLocalStorage<number> | null;
  readonly reason: string;
  /** Whether the signal handler writes down each sample, with its CPU time and, where there is a storage, its slot. */
  readonly recorded: boolean;
}

export const noSlots = (reason: string): AsyncSlots => ({ storage: null, reason, recorded: false });

/** Teaches the addon to read the running slot from the async context, and proves that it does. Once per process. */
export function findAsyncSlots(binding: ContextBinding): AsyncSlots {
  const storage = new AsyncLocalStorage<number>();
  try {
    calibrate(binding, storage);
    test(binding, storage);
    return { storage, reason: 'every sample knows its span', recorded: true };
  } catch (error) {
    binding.dropSlots();
    return { storage: null, reason: messageOf(error), recorded: true };
  }
}

function calibrate(binding: ContextBinding, storage: AsyncLocalStorage<number>): void {
  let probed = binding.useSlots(storage);
  for (let slot = 1; slot <= PROBES; slot++) probed &&= storage.run(slot, () => binding.probeSlots());
  if (!probed) throw new Error(NO_FRAME);
  if (!binding.settleSlots()) throw new Error('the place of the async context in this V8 was not found');
}

function test(binding: ContextBinding, storage: AsyncLocalStorage<number>): void {
  const other = new AsyncLocalStorage<object>();
  const read = (): number => binding.readSlot();
  for (const slot of TESTED_SLOTS) {
    const alone = storage.run(slot, read);
    const among = other.run({}, () => storage.run(slot, () => other.run({}, read)));
    if (alone !== slot || among !== slot) throw new Error(`slot ${slot} was read as ${alone} and ${among}`);
  }
  const outside = storage.exit(read);
  if (outside !== 0) throw new Error(`slot ${outside} was read where there is none`);
}
