import { describe, expect, test } from 'vitest';
import { sourcePath } from '../../src/symbolicate/source-path.ts';

describe('a source of a map, as a path', () => {
  const paths: Record<string, string> = {
    'app/blog/[slug]/page.tsx': 'app/blog/[slug]/page.tsx',
    './app/page.tsx': 'app/page.tsx',
    '../../packages/ui/button.tsx': '../../packages/ui/button.tsx',
    'turbopack:///[project]/app/page.tsx': 'app/page.tsx',
    'turbopack://[project]/app/page.tsx': 'app/page.tsx',
    'turbopack:///[turbopack]/shared/runtime/runtime-utils.ts': '[turbopack]/shared/runtime/runtime-utils.ts',
    'webpack://_N_E/./app/api/busy/route.ts?1a2b': 'app/api/busy/route.ts',
    'webpack:///./node_modules/x/y.js': 'node_modules/x/y.js',
    'webpack-internal:///(rsc)/./app/page.tsx': 'app/page.tsx',
    'webpack://next/./src/server/base-server.ts': 'node_modules/next/src/server/base-server.ts',
    'webpack://next/./dist/compiled/react/cjs/react.production.js':
      'node_modules/next/dist/compiled/react/cjs/react.production.js',
    'file:///srv/app/page%20one.tsx': '/srv/app/page one.tsx',
    'app/100%.ts': 'app/100%.ts',
  };
  for (const [source, path] of Object.entries(paths)) {
    test(source, () => expect(sourcePath(source)).toBe(path));
  }
});
