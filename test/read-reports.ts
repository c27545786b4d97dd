import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What a test runner's report says: how many tests ended how, and what those that failed said. */
export interface Report {
  passed: number;
  failed: number;
  skipped: number;
  /** The name of each test that failed, and the beginning of its message. */
  failures: string[];
}

const root = `${import.meta.dirname}/..`;
const MOST_LINES = 15;

const failure = (name: string, messages: readonly string[]): string => {
  const said = stripVTControlCharacters(messages.join('\n')).split('\n');
  const lines = said.filter((line) => !/^\s+at .*\/node_modules\//.test(line));
  return [name, ...lines.slice(0, MOST_LINES).map((line) => `    ${line}`)].join('\n');
};

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    /** Why a file could not be loaded. */
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] | null }[];
  }[];
}

/** Of `vitest --reporter=json`. */
export function readVitestReport(file: string): Report {
  const report: VitestReport = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(({ name, message, assertionResults }) => [
      ...(message === '' ? [] : [failure(relative(root, name), [message])]),
      ...assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) =>
          failure(`${relative(root, name)} › ${fullName}`, failureMessages ?? []),
        ),
    ]),
  };
}

interface PlaywrightError {
  message?: string;
}

interface PlaywrightSuite {
  title: string;
  suites?: PlaywrightSuite[];
  specs: { title: string; tests: { status: string; results: { errors: PlaywrightError[] }[] }[] }[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  /** Those outside of any test. */
  errors: PlaywrightError[];
  suites: PlaywrightSuite[];
}

/** Of `playwright --reporter=json`. */
export function readPlaywrightReport(file: string): Report {
  const { stats, errors, suites }: PlaywrightReport = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    failures: [
      ...errors.map(({ message = '' }) => failure('outside of any test', [message])),
      ...suites.flatMap((suite) => failuresIn(suite, 'e2e')),
    ],
  };
}

function failuresIn({ title, specs, suites = [] }: PlaywrightSuite, above: string): string[] {
  const path = `${above} › ${title}`;
  const own = specs.flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === 'unexpected')
      .map(({ results }) => {
        const messages = results.flatMap(({ errors }) => errors.map(({ message = '' }) => message));
        return failure(`${path} › ${spec.title}`, messages);
      }),
  );
  return [...own, ...suites.flatMap((suite) => failuresIn(suite, path))];
}
