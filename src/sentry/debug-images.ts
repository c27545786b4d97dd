/** The globals in which build tools leave debug ids: Sentry's own and the ECMA-426 draft's, keyed by a stack text. */
const SOURCES = ['_sentryDebugIds', '_debugIds'] as const;

/** Knows which debug id a script has. */
export class DebugImages {
  readonly #built: ReadonlyMap<string, string>;
  #keys = -1;
  #lines = '';

  /** @param built by script, as the build noted them */
  constructor(built: ReadonlyMap<string, string>) {
    this.#built = built;
  }

  /**
   * Two lines for each script: its name and its debug id. An id in a global goes before the build's: its maker has
   * uploaded maps under it.
   */
  lines(): string {
    const globals = SOURCES.map((name) => (globalThis as Record<string, unknown>)[name]).filter(isRecord);
    const keys = globals.reduce((count, ids) => count + Object.keys(ids).length, 0);
    if (keys === this.#keys) return this.#lines;
    const byScript = new Map(this.#built);
    for (const ids of globals) {
      for (const [stack, id] of Object.entries(ids)) {
        const script = innermostScript(stack);
        if (script !== undefined && typeof id === 'string') byScript.set(script, id);
      }
    }
    this.#keys = keys;
    this.#lines = [...byScript].map((lines) => lines.join('\n')).join('\n');
    return this.#lines;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

/** The keys are texts of errors thrown at the top of each script, so the script is the innermost call site. */
function innermostScript(stack: string): string | undefined {
  // `    at name (file:line:column)` or `    at file:line:column`
  return /^\s*at (?:.*?\()?(.+?):\d+:\d+\)?$/m.exec(stack)?.[1];
}
