/** The key under which OpenTelemetry keeps the active span in a context; the same in each copy of its API. */
export const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN');
/** Where OpenTelemetry's API keeps what is registered with it; the same for each copy. */
const OPENTELEMETRY = Symbol.for('opentelemetry.js.api.1');

/** OpenTelemetry's immutable context, as far as we use it. */
export interface OpenTelemetryContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OpenTelemetryContext;
}

export interface OpenTelemetrySpan {
  isRecording(): boolean;
  end(): void;
}

/** What is registered with OpenTelemetry's API: by the Sentry SDK, or by whoever came before it. */
export interface OpenTelemetry {
  context?: {
    active(): OpenTelemetryContext;
    with<T>(context: OpenTelemetryContext, run: () => T): T;
  };
  trace?: {
    getTracer(name: string): {
      startSpan(
        name: string,
        options: { attributes: Record<string, string> },
        context: OpenTelemetryContext,
      ): OpenTelemetrySpan;
    };
  };
}

export function registeredOpenTelemetry(): OpenTelemetry | undefined {
  return (globalThis as { [OPENTELEMETRY]?: OpenTelemetry })[OPENTELEMETRY];
}
