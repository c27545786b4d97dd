import { AsyncLocalStorage } from 'node:async_hooks';
import type { OpenTelemetryContext, OpenTelemetrySpan } from '../../src/sentry/open-telemetry.ts';
import { SPAN_KEY } from '../../src/sentry/open-telemetry.ts';

const KEY = Symbol.for('opentelemetry.js.api.1');

/** A span that remembers. */
export interface FakeSpan extends OpenTelemetrySpan {
  readonly name: string;
  readonly parent: FakeSpan | undefined;
  ended: boolean;
  /** What `watched` held when the span started and ended. */
  readonly seen: unknown[];
}

class Context implements OpenTelemetryContext {
  readonly #values: ReadonlyMap<symbol, unknown>;
  constructor(values: ReadonlyMap<symbol, unknown> = new Map()) {
    this.#values = values;
  }
  getValue(key: symbol): unknown {
    return this.#values.get(key);
  }
  setValue(key: symbol, value: unknown): Context {
    return new Context(new Map(this.#values).set(key, value));
  }
}

/** Registers a tracer and a context manager, as an SDK does, until `unregister` is called. */
export class FakeOpenTelemetry {
  readonly spans: FakeSpan[] = [];
  /** Stands for an async context of the app's. */
  readonly watched = new AsyncLocalStorage<unknown>();
  /** Called as a Sentry client calls what follows its spans. */
  onStart: ((span: FakeSpan) => void) | undefined;
  readonly #contexts = new AsyncLocalStorage<Context>();

  constructor() {
    const context = {
      active: () => this.#contexts.getStore() ?? new Context(),
      with: <T>(inner: Context, run: () => T): T => this.#contexts.run(inner, run),
    };
    const startSpan = (name: string, _: unknown, parent: Context) => this.#start(name, parent);
    (globalThis as Record<symbol, unknown>)[KEY] = { context, trace: { getTracer: () => ({ startSpan }) } };
  }

  unregister(): void {
    delete (globalThis as Record<symbol, unknown>)[KEY];
  }

  /** The span that is active now. */
  get active(): FakeSpan | undefined {
    return this.#contexts.getStore()?.getValue(SPAN_KEY) as FakeSpan | undefined;
  }

  /** Runs something below a span that is recorded, or is not. */
  within<T>(isRecorded: boolean, run: () => T): T {
    const root = { ...this.#start('root', new Context()), isRecording: () => isRecorded };
    this.spans.length = 0;
    return this.#contexts.run(new Context().setValue(SPAN_KEY, root), run);
  }

  /** Runs something in a span of somebody else's. */
  withSpan<T>(name: string, run: () => T): T {
    const context = this.#contexts.getStore() ?? new Context();
    return this.#contexts.run(context.setValue(SPAN_KEY, this.#start(name, context)), run);
  }

  #start(name: string, context: Context): FakeSpan {
    const span: FakeSpan = {
      name,
      parent: context.getValue(SPAN_KEY) as FakeSpan | undefined,
      ended: false,
      seen: [this.watched.getStore()],
      isRecording: () => !span.ended,
      end: () => {
        span.ended = true;
        span.seen.push(this.watched.getStore());
      },
    };
    this.spans.push(span);
    this.onStart?.(span);
    return span;
  }
}
