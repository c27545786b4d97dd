import type { NextConfig } from 'next';
import { wrapLoader } from './wrap-loader-use.ts';

/** A glob of our own: two rules under one key replace each other, and Sentry's wrapper drops its own for another's. */
const RULE = '{*,next-profiling}';

/** Files that Next calls something in, by their names alone; the loader looks closer. */
const ENTRIES = /(^|\/)(app\/(.*\/)?(page|layout|template|route)|pages\/.+|proxy|middleware)\.([\w-]+\.)*[cm]?[jt]sx?$/;
const ACTIONS = /\.[cm]?[jt]sx?$/;

/**
 * Adds the rule that wraps the user's files. Nothing where the user has a webpack function and no `turbopack` key: then
 * Next stops the build and says what to do about it, which the key would hide.
 */
export function withWrapRule(config: NextConfig): Pick<NextConfig, 'turbopack'> {
  if (config.webpack && !config.turbopack) return {};
  const rules = config.turbopack?.rules ?? {};
  if (RULE in rules) return {};
  return {
    turbopack: {
      ...config.turbopack,
      rules: {
        ...rules,
        [RULE]: {
          condition: {
            all: [
              'node',
              { not: 'foreign' },
              { any: [{ path: ENTRIES }, { all: [{ path: ACTIONS }, { content: /use server/ }] }] },
            ],
          },
          loaders: [wrapLoader(config)],
        },
      },
    },
  };
}
