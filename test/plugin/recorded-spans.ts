const ENGINE = Symbol.for('next-profiling.engine');
const globals = globalThis as { [ENGINE]?: unknown };

/** Takes the engine's place while something runs, and returns the spans that were asked for. */
export async function recordedSpans(run: () => unknown): Promise<string[]> {
  const names: string[] = [];
  const before = globals[ENGINE];
  globals[ENGINE] = {
    runInSpan(name: string, inside: () => unknown, components?: () => object) {
      names.push(components ? [name, 'renders', ...Object.keys(components())].join(' ') : name);
      return inside();
    },
  };
  try {
    await run();
  } finally {
    globals[ENGINE] = before;
  }
  return names;
}
