/**
 * The worker stress with the addon built for AddressSanitizer: it takes the same arguments as `worker-stress.ts`. A
 * process with a wrong access to memory ends with its report and another code than 7. For Linux, with g++.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sourcesOf } from '../../native/prebuild/recipe.ts';
import { hostTarget, parseTarget } from '../../native/target.ts';

const root = join(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);
const headers = [
  join(require.resolve('node-addon-api'), '..'),
  join(require.resolve('node-api-headers'), '..', 'include'),
];
const folder = join(root, '.cache', 'address-sanitizer');
const binary = join(folder, 'next_profiling.node');

mkdirSync(folder, { recursive: true });
const compile = [
  '-shared',
  '-fPIC',
  '-O1',
  '-g',
  '-std=c++17',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-omit-frame-pointer',
];
const defines = ['NAPI_VERSION=8', 'NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'];
execFileSync('g++', [
  ...[...compile, '-fsanitize=address'],
  ...defines.map((name) => `-D${name}`),
  ...headers.map((path) => `-I${path}`),
  ...sourcesOf(parseTarget(hostTarget())).map((source) => join(root, 'native', source)),
  ...['-o', binary],
]);

const library = execFileSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
execFileSync(process.execPath, [join(import.meta.dirname, 'worker-stress.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {
    ...process.env,
    // Before everything else, since Node itself is not built for it.
    LD_PRELOAD: library,
    // What V8 keeps until a process ends is no leak.
    ASAN_OPTIONS: 'detect_leaks=0',
    SENTRY_PROFILER_BINARY_PATH: binary,
  },
});
