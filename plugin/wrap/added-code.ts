/** What every name begins with that is added to a file. */
export const PREFIX = '$nextProfiling';
export const WRAP = PREFIX;
export const RUN = `${PREFIX}_run`;

/**
 * What a wrapped file calls. Written into the file, since an import would have to resolve from every file in every
 * layout of `node_modules`; all it does is ask the engine, which is found by its symbol. Globals are reached through
 * `globalThis`, because a file may call something of its own `Proxy`. Function declarations, to be there in time.
 *
 * A proxy keeps whatever else the function is: its name, length, text, and properties, also those added later. What
 * React or Next marked as a reference to something is no function to be called, and stays what it is.
 */
export const ADDED_CODE = `
function ${WRAP}(target, name, components) {
  return typeof target !== "function" || "$$typeof" in target ? target : new globalThis.Proxy(target, {
    apply: (run, self, args) => ${RUN}(name, () => globalThis.Reflect.apply(run, self, args), components),
  });
}
`;

export const ADDED_RUN = `
function ${RUN}(name, run, components) {
  const engine = globalThis[globalThis.Symbol.for("next-profiling.engine")];
  return engine?.runInSpan ? engine.runInSpan(name, run, components) : run();
}
`;

/** A call that wraps what `expression` is. `components` are expressions, for a function that renders. */
export function wrapCall(expression: string, name: string, components: readonly string[] | null = null): string {
  const named = components?.map((component) => `${JSON.stringify(component)}: ${component}`).join(', ');
  const last = named === undefined ? '' : `, () => (${named ? `{ ${named} }` : '{}'})`;
  return `${WRAP}(${expression}, ${JSON.stringify(name)}${last})`;
}
