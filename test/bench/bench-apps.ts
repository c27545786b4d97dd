import type { AppVariant } from '../../e2e/app-variant.ts';
import { type BuiltApp, buildApp } from '../../e2e/build-app.ts';
import type { Contender } from './contenders.ts';

const CONFIG = `export default { output: 'standalone' };\n`;

const instrumentation = (imports: string, options: string): string => `import * as Sentry from '@sentry/nextjs';
${imports}
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    Sentry.init({
      tracesSampleRate: 1,
${options}    });
  }
}
`;

/** The example app without us, traced by Sentry's SDK like the others. Rivals are preloaded into it. */
const PLAIN: AppVariant = {
  name: 'bench-plain',
  next: 16,
  bundler: 'turbopack',
  files: { 'next.config.ts': CONFIG, 'instrumentation.ts': instrumentation('', '') },
};

const SENTRY: AppVariant = {
  ...PLAIN,
  name: 'bench-sentry',
  files: {
    'next.config.ts': CONFIG,
    'instrumentation.ts': instrumentation(
      '',
      `      profileSessionSampleRate: 1,
      profileLifecycle: 'trace',
      integrations: [(await import('@sentry/profiling-node')).nodeProfilingIntegration()],
`,
    ),
  },
};

/** The README's app; the end-to-end tests build it, too. */
const OURS: AppVariant = { name: 'next-16-turbopack', next: 16, bundler: 'turbopack' };

export function appOf(contender: Contender): Promise<BuiltApp> {
  if (contender === 'next-profiling' || contender === 'without attribution') return buildApp(OURS);
  return buildApp(contender === '@sentry/profiling-node' ? SENTRY : PLAIN);
}
