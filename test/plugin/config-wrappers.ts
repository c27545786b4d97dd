import withBundleAnalyzer from '@next/bundle-analyzer';
import createMdx from '@next/mdx';
import { withSentryConfig } from '@sentry/nextjs/config';
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';
import { withSentryConfig as withSentryConfig10 } from 'sentry-nextjs-10';
import type { NextConfigFunction } from '../../plugin/with-profiling.ts';

export type Wrapper = (config: NextConfig) => NextConfig;

/** The real wrappers that people have beside ours, each with what it needs to do its work. */
export const WRAPPERS: Record<string, Wrapper> = {
  'Sentry 11': (config) => withSentryConfig(config, { silent: true, telemetry: false, sourcemaps: { disable: true } }),
  'Sentry 10': (config) =>
    withSentryConfig10(config, { silent: true, telemetry: false, sourcemaps: { disable: true } }),
  'next-intl': createNextIntlPlugin('./test/fixtures/intl-request.ts'),
  '@next/mdx': createMdx({ extension: /\.mdx?$/ }),
  '@next/bundle-analyzer': withBundleAnalyzer({ enabled: true, openAnalyzer: false }),
};

/** The config that Next would see in a build, whatever form it came in. */
export async function resolved(config: unknown, phase = 'phase-production-build'): Promise<NextConfig> {
  return typeof config === 'function'
    ? (config as NextConfigFunction)(phase, { defaultConfig: {} })
    : (config as NextConfig);
}

/** Freezes all of a value, so that a write into it throws. */
export function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
