import type { FuzzedCollector } from './fuzzed-collector.ts';

const EXPORTS = ['speedscope', 'cpuprofile', 'pprof'].map((format) => `export?format=${format}`);
const QUESTIONS = [
  'routes',
  'functions',
  'spans',
  'tree',
  'timeline',
  'series',
  'requests',
  'blocks',
  'sessions',
  ...EXPORTS,
];

/** Every question that the collector knows, narrowed down to a session or not. */
export function questionsOf(session?: string): string[] {
  const narrow = session === undefined ? '' : `session=${session}`;
  const own = QUESTIONS.map((question) => `/api/v1/${question}${question.includes('?') ? '&' : '?'}${narrow}`);
  const sides = `base=${encodeURIComponent(narrow)}&new=`;
  return session === undefined ? [...own, '/api/v1/filters', '/api/v1/status', `/api/v1/compare?${sides}`, '/'] : own;
}

/** Asks, and resolves to those questions that found no answer, with what came instead. */
export async function unanswered(collector: FuzzedCollector, questions: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  for (const question of questions) {
    const { status, text } = await collector.get(question);
    // 404: nothing stored is what was asked for.
    if (status !== 200 && status !== 404) problems.push(`${question}: ${status} ${text.slice(0, 200)}`);
    else if (question.includes('/api/') && !question.includes('pprof')) JSON.parse(text);
  }
  return problems;
}
