import type { AsyncLocalStorage } from 'node:async_hooks';
import type { SentryClient } from '../engine.ts';
import { registeredOpenTelemetry, SPAN_KEY } from './open-telemetry.ts';
import { slotOf } from './span-slot.ts';

/** What the SDK keeps per task: a context of OpenTelemetry's, or, where the SDK goes without, a pair of scopes. */
interface TaskContext {
  getValue?(key: symbol): unknown;
}

type Enter = (this: unknown, ...args: [context: TaskContext | undefined, ...rest: unknown[]]) => unknown;

/**
 * Keeps the running slot in step with the SDK's active span: whatever task the SDK makes a span active in runs in that
 * span's slot, and leaves it when the SDK does.
 *
 * The SDK enters each context through one method of one object, which is extended. Its `spanStart` hook alone would not
 * do: it does not tell spans that become active from those that never do, and is not told when one is left.
 */
export class ActiveSpanSlots {
  readonly #slots: AsyncLocalStorage<number>;
  readonly #isArriving: (slot: number) => boolean;
  readonly #followed = new WeakSet<object>();

  /** `isArriving`: whether a slot is that of a request whose root span has not started. */
  constructor(slots: AsyncLocalStorage<number>, isArriving: (slot: number) => boolean) {
    this.#slots = slots;
    this.#isArriving = isArriving;
  }

  /** Follows a client's contexts; again is a no-op. False while there is nothing to follow. */
  follow(client: SentryClient): boolean {
    const storage = client.asyncLocalStorageLookup?.asyncLocalStorage;
    return storage ? this.#extend(storage, 'run') : this.#extend(registeredOpenTelemetry()?.context, 'with');
  }

  /**
   * For an SDK that goes without OpenTelemetry: it enters a scope first and makes a span active in it afterwards, so
   * entering does not tell the span. Runs the rest of the scope in the slot of the span that was started in it.
   */
  enterScopeOf(client: SentryClient, slot: number): void {
    const storage = client.asyncLocalStorageLookup?.asyncLocalStorage as AsyncLocalStorage<TaskContext> | undefined;
    const scope = storage?.getStore();
    if (scope !== undefined && scope.getValue === undefined && slot !== this.#slots.getStore())
      this.#slots.enterWith(slot);
  }

  #extend(target: object | undefined, method: 'run' | 'with'): boolean {
    if (target === undefined) return false;
    if (this.#followed.has(target)) return true;
    const methods = target as Record<string, Enter | undefined>;
    const enter = methods[method];
    if (typeof enter !== 'function') return false;
    const slots = this.#slots;
    const isArriving = this.#isArriving;
    // The SDK calls it dozens of times per request: no closure on the way.
    methods[method] = function (...args) {
      const context = args[0];
      const before = slots.getStore() ?? 0;
      if (typeof context?.getValue === 'function') {
        const slot = slotOf(context.getValue(SPAN_KEY));
        // A request goes through contexts without a span before its root span starts.
        if (slot === before || (slot === 0 && isArriving(before))) return Reflect.apply(enter, this, args);
        return slots.run(slot, Reflect.apply, enter, this, args);
      }
      try {
        return Reflect.apply(enter, this, args);
      } finally {
        if ((slots.getStore() ?? 0) !== before) slots.enterWith(before);
      }
    };
    this.#followed.add(target);
    return true;
  }
}
