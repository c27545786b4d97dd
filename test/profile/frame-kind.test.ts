import { describe, expect, test } from 'vitest';
import { type FrameKind, frameKind } from '../../src/profile/frame-kind.ts';

describe('whose a frame is', () => {
  const paths: Record<string, FrameKind> = {
    'app/api/busy/burn-cpu.ts': 'app',
    '../../packages/ui/button.tsx': 'app',
    'app/react/next/page.tsx': 'app',
    'lib/webpack/runtime.ts': 'app',
    'node_modules/next/src/server/app-render/app-render.tsx': 'next',
    '/srv/node_modules/next/dist/server/base-server.js': 'next',
    '/srv/node_modules/.pnpm/next@16.4.6_react@19/node_modules/next/dist/server/next-server.js': 'next',
    '/srv/node_modules/next/dist/compiled/next-server/app-page-turbo.runtime.prod.js': 'next',
    'C:\\app\\node_modules\\next\\dist\\server\\base-server.js': 'next',
    '[turbopack]/shared/runtime/runtime-utils.ts': 'next',
    '/srv/.next/server/chunks/[turbopack]_runtime.js': 'next',
    '/srv/.next/server/webpack-runtime.js': 'next',
    'webpack/bootstrap': 'next',
    'external commonjs "next/dist/compiled/next-server/app-page.runtime.prod.js"': 'next',
    'node_modules/next/dist/compiled/react-dom/cjs/react-dom-server.node.production.js': 'react',
    'node_modules/next/dist/compiled/react-server-dom-turbopack-experimental/cjs/x.js': 'react',
    'node_modules/react/cjs/react.production.js': 'react',
    'node_modules/react-dom/server.node.js': 'react',
    'node_modules/scheduler/index.js': 'react',
    'node_modules/react-query/index.js': 'library',
    'node_modules/next-intl/dist/index.js': 'library',
    'node_modules/@sentry/core/src/tracing/trace.ts': 'library',
    'node:internal/modules/cjs/loader': 'node',
  };
  for (const [path, kind] of Object.entries(paths)) {
    test(`${path}: ${kind}`, () => {
      expect(frameKind({ function: 'f', abs_path: path })).toBe(kind);
      expect(frameKind({ function: 'f', filename: path })).toBe(kind);
    });
  }

  test('what the sender marks as not the app’s is a library, and its own word on a package counts for nothing', () => {
    expect(frameKind({ function: 'f', abs_path: '/srv/chunk.js', in_app: false })).toBe('library');
    expect(frameKind({ function: 'f', abs_path: '/srv/node_modules/x/y.js', in_app: true })).toBe('library');
  });
});
