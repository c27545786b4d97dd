import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { AppVariant, Bundler } from './app-variant.ts';
import { nextBuild, prepareApp } from './build-app.ts';
import { filesEnding } from './deployment.ts';

/** The example app without what needs a server. */
const variant = (bundler: Bundler): AppVariant => ({
  name: `export-${bundler}`,
  next: 16,
  bundler,
  without: ['app/api', 'app/blog', 'pages'],
  files: {
    'app/page.tsx': 'export default function HomePage() { return <h1>nothing to run</h1>; }',
    'next.config.ts': `import { withProfiling } from 'next-profiling/plugin';

export default withProfiling({ output: 'export' });
`,
  },
});

for (const bundler of ['turbopack', 'webpack'] as const) {
  test(`a static export has nothing to profile: the build says so and adds nothing, ${bundler}`, async () => {
    const { folder } = await prepareApp(variant(bundler));
    const { code, output } = await nextBuild(variant(bundler), folder);
    expect(code, output).toBe(0);
    expect(output.split('\n').filter((line) => line.includes('[next-profiling]'))).toEqual([
      expect.stringContaining("output is 'export': there is no server to profile"),
    ]);
    expect(existsSync(join(folder, 'out', 'index.html'))).toBe(true);
    for (const part of ['out', '.next']) {
      expect(
        (await filesEnding(join(folder, part), '.node')).filter((path) => path.includes('next-profiling')),
      ).toEqual([]);
      expect(await filesEnding(join(folder, part), 'engine.cjs')).toEqual([]);
    }
  });
}
