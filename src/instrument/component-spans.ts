import { AsyncLocalStorage } from 'node:async_hooks';
import { types } from 'node:util';
import type { ComponentNames } from '../engine.ts';
import {
  type OpenTelemetry,
  type OpenTelemetryContext,
  type OpenTelemetrySpan,
  registeredOpenTelemetry,
  SPAN_KEY,
} from '../sentry/open-telemetry.ts';
import { type ServerComponent, withLateComponents } from './late-components.ts';
import { isPrerender } from './prerenders.ts';

const ATTRIBUTES = { 'sentry.op': 'function.nextjs', 'sentry.origin': 'auto.function.next_profiling' };

type Registered = Required<OpenTelemetry>;

/**
 * Runs functions of the user's inside spans of their own, through whatever tracer is registered with OpenTelemetry's
 * API. Without an active span that is recorded, and in a prerender, it does nothing but look.
 */
export class ComponentSpans {
  /** Runs something outside of every async context: within those of a prerender Next lets nobody read the clock. */
  readonly #outside = AsyncLocalStorage.snapshot();

  /** With `components` the result is what React renders, and late parts of it have spans, too. */
  run<T>(name: string, run: () => T, components?: ComponentNames): T {
    const otel = registered();
    const context = otel?.context.active();
    if (!otel || !context || !mayHaveSpans(context)) return run();
    return this.#runUnder(otel, context, name, run, components);
  }

  #runUnder<T>(
    otel: Registered,
    context: OpenTelemetryContext,
    name: string,
    run: () => T,
    components?: ComponentNames,
  ): T {
    const span = this.#start(otel, context, name);
    if (span === null) return run();
    const end = (): void => this.#end(span);
    const inside = context.setValue(SPAN_KEY, span);
    const finish = (value: unknown): unknown => (components ? this.#withLate(value, components, inside) : value);
    let result: T;
    try {
      result = otel.context.with(inside, run);
    } catch (error) {
      // Also how Next says `redirect()` and `notFound()`: nothing that went wrong.
      end();
      throw error;
    }
    if (!types.isPromise(result)) {
      end();
      return finish(result) as T;
    }
    if (!components) {
      result.then(end, end);
      return result;
    }
    return result.then(
      (value) => {
        end();
        return finish(value);
      },
      (error) => {
        end();
        throw error;
      },
    ) as T;
  }

  /** Started inside its parent's context, so that whoever follows spans sees which one was running. */
  #start(otel: Registered, context: OpenTelemetryContext, name: string): OpenTelemetrySpan | null {
    try {
      const tracer = otel.trace.getTracer('next-profiling');
      return this.#outside(() =>
        otel.context.with(context, () => tracer.startSpan(name, { attributes: ATTRIBUTES }, context)),
      );
    } catch {
      return null;
    }
  }

  #end(span: OpenTelemetrySpan): void {
    try {
      this.#outside(() => span.end());
    } catch {
      // A span that cannot end is not the request's problem.
    }
  }

  /** Late components run when their page's function has long returned, in whatever context React is in by then. */
  #withLate(result: unknown, components: ComponentNames, owner: OpenTelemetryContext): unknown {
    return withLateComponents(result, components, (type, name): ServerComponent => {
      const apply = (target: ServerComponent, self: unknown, args: unknown[]): unknown => {
        const run = (): unknown => Reflect.apply(target, self, args);
        const otel = registered();
        const context = otel?.context.active();
        if (!otel || !context || !mayHaveSpans(context)) return run();
        const under = context.setValue(SPAN_KEY, owner.getValue(SPAN_KEY));
        return this.#runUnder(otel, under, `Component ${name}`, run, components);
      };
      return new Proxy(type, { apply });
    });
  }
}

function registered(): Registered | null {
  const otel = registeredOpenTelemetry();
  return otel?.context && otel.trace ? (otel as Registered) : null;
}

function mayHaveSpans(context: OpenTelemetryContext): boolean {
  const parent = context.getValue(SPAN_KEY) as OpenTelemetrySpan | undefined;
  return parent?.isRecording() === true && !isPrerender(parent);
}
