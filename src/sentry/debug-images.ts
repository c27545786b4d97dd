/** The globals in which build tools leave debug ids: Sentry's own and the ECMA-426 draft's, keyed by a stack text. */
const SOURCES = ['_sentryDebugIds', '_debugIds'] as const;

const cache = { keys: -1, ids: [] as string[] };

/**
 * Every script with a debug id, flat: script, id, script, id, … The keys are texts of errors thrown at the top of each
 * script, so the script is the innermost call site of the text.
 */
export function debugIds(): readonly string[] {
  const globals = SOURCES.map((name) => (globalThis as Record<string, unknown>)[name]).filter(isRecord);
  const keys = globals.reduce((count, ids) => count + Object.keys(ids).length, 0);
  if (keys === cache.keys) return cache.ids;
  const byScript = new Map<string, string>();
  for (const ids of globals) {
    for (const [stack, id] of Object.entries(ids)) {
      const script = innermostScript(stack);
      if (script !== undefined && typeof id === 'string') byScript.set(script, id);
    }
  }
  cache.keys = keys;
  cache.ids = [...byScript].flat();
  return cache.ids;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

function innermostScript(stack: string): string | undefined {
  // `    at name (file:line:column)` or `    at file:line:column`
  return /^\s*at (?:.*?\()?(.+?):\d+:\d+\)?$/m.exec(stack)?.[1];
}
