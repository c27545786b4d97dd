import { hostTarget } from '../native/target.ts';
import type { AppVariant, Bundler } from './app-variant.ts';
import type { CarriedBy } from './carry.ts';

/** Something that people build, and the ways in which it comes to be served. */
export interface DeliveredBuild {
  variant: AppVariant;
  /** `next start`, where it was built, or the standalone output, carried elsewhere. */
  served: readonly ServedBy[];
  /** The binaries that it has to hold. */
  targets: readonly string[];
  /** Only `.ci/run` builds it. */
  slow?: boolean;
}

export type ServedBy = 'next start' | CarriedBy;

const HOST = hostTarget();
const EVERY_WAY = ['next start', 'cp -rL', 'tar without links', 'zip without links', 'two-stage copy'] as const;

const plain = (next: AppVariant['next'], bundler: Bundler, more?: Partial<AppVariant>): DeliveredBuild => ({
  variant: { name: `next-${next}-${bundler}`, next, bundler, ...more },
  served: EVERY_WAY,
  targets: [HOST],
});

/** A target of another machine. */
const OTHER = HOST === 'linux-arm64-musl' ? 'linux-x64-musl' : 'linux-arm64-musl';

/** The body of a config that moves and renames what can be, and takes the app's folder for the root of all files. */
const RELOCATED = (distDir: string, targets: readonly string[]): string => `withProfiling(
  { output: 'standalone', distDir: '${distDir}', basePath: '/shop', outputFileTracingRoot: root },
  { target: ${JSON.stringify(targets)} },
);
`;

const IMPORTS = `import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withProfiling } from 'next-profiling/plugin';
const root = dirname(fileURLToPath(import.meta.url));
export default `;

const REQUIRES = `const { withProfiling } = require('next-profiling/plugin');
const root = __dirname;
module.exports = `;

function relocated(
  bundler: Bundler,
  file: string,
  config: string,
  targets: readonly string[],
  more: Partial<AppVariant> = {},
): DeliveredBuild {
  const { distDir = 'build/out' } = more;
  return {
    variant: {
      name: `relocated-${file.replace('next.config.', '')}-${bundler}`,
      next: 16,
      bundler,
      without: ['next.config.ts'],
      files: { [file]: config + RELOCATED(distDir, targets) },
      distDir,
      basePath: '/shop',
      builtFromElsewhere: true,
      ...more,
    },
    served: ['next start', 'cp -rL', 'two-stage copy'],
    targets,
  };
}

/** An app of a workspace, which is the root of all files if `root` says so, and else whatever Next takes for it. */
const workspace = (bundler: Bundler, root: string): DeliveredBuild => ({
  variant: {
    name: `workspace-${bundler}`,
    next: 16,
    bundler,
    inWorkspace: true,
    files: {
      'next.config.ts': `import { join } from 'node:path';
import { withProfiling } from 'next-profiling/plugin';

export default withProfiling({ output: 'standalone'${root} });
`,
    },
  },
  // With its links replaced pnpm's layout breaks for every app: Next does not find its own dependencies any more.
  served: ['next start', 'cp -a'],
  targets: [HOST],
});

export const BUILDS: readonly DeliveredBuild[] = [
  plain(16, 'turbopack'),
  plain(16, 'webpack'),
  plain(15, 'turbopack', { builtFromElsewhere: true }),
  plain(15, 'webpack'),
  { ...plain(15.3, 'webpack', { builtFromElsewhere: true }), slow: true },
  relocated('turbopack', 'next.config.mjs', IMPORTS, [HOST, OTHER]),
  relocated('webpack', 'next.config.js', REQUIRES, [OTHER, HOST]),
  {
    // Next looks for the package's type just above the output, so that must not be deeper.
    ...relocated('webpack', 'next.config.js', IMPORTS, [HOST], {
      name: 'relocated-esm-webpack',
      next: 15,
      type: 'module',
      distDir: 'output',
    }),
    slow: true,
  },
  workspace('turbopack', ", outputFileTracingRoot: join(__dirname, '../../..')"),
  workspace('webpack', ''),
];
