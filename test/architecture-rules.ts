/**
 * Who may import whom: the import table of CONTRIBUTING.md as data. `test/architecture.test.ts` reads every import of
 * the sources and holds it against this.
 *
 * A room may always import from itself. A file that no room claims fails the test: give it a room, or a row.
 */
export interface Room {
  readonly name: string;
  /** Files, or folders with a slash at the end. The longest match wins. */
  readonly files: readonly string[];
  /** Rooms and packages it may import; `node:` is every module of Node. */
  readonly may: readonly string[];
  /** What it may import for types only. */
  readonly mayTypes?: readonly string[];
}

export const ROOMS: readonly Room[] = [
  // The two ends of every arrow: they import nothing, so everyone may import them.
  { name: 'errors', files: ['src/errors.ts'], may: [] },
  { name: 'profile', files: ['src/profile/'], may: [] },
  // Types that door and engine share. Types only, so importing it can never drag code into the door.
  { name: 'engine-types', files: ['src/engine.ts'], may: [] },

  { name: 'diagnostics', files: ['src/diagnostics.ts'], may: ['errors'] },
  { name: 'options', files: ['src/options.ts'], may: ['errors'], mayTypes: ['engine-types'] },

  // A wrong target is the user's mistake, so its text is with all others in errors.
  { name: 'target', files: ['native/target.ts', 'native/libc.ts'], may: ['errors', 'node:'] },
  { name: 'binary', files: ['native/binary.ts'], may: ['target'] },
  // Reads the file's header before the loader maps it; apart from binary, which is pure and which the plugin needs.
  { name: 'binary-check', files: ['native/binary-check.ts'], may: ['node:'] },
  { name: 'binding', files: ['native/binding.ts'], may: ['target', 'binary', 'binary-check', 'errors', 'node:'] },
  {
    name: 'inspector-binding',
    // The same interface without an addon.
    files: ['native/inspector/'],
    may: ['node:'],
    mayTypes: ['binding', 'profile'],
  },
  // A developer's script; nobody imports it.
  { name: 'native-build', files: ['native/build.ts'], may: ['target', 'binary', 'node:', 'node-gyp'] },
  // Another one: every target's binary, and what is checked of it.
  {
    name: 'prebuild',
    files: ['native/prebuild/'],
    may: ['target', 'binary', 'node:', 'node-addon-api', 'node-api-headers'],
  },

  {
    name: 'door',
    files: [
      'src/index.ts',
      'src/index.edge.ts',
      'src/node-profiling-integration.ts',
      // The class of before v8 is a function of its own, so that the shell stays free of casts.
      'src/profiling-integration-class.ts',
      // The answer without an engine, which both the Node and the edge door give.
      'src/disabled-status.ts',
      'src/engine-handle.ts',
    ],
    may: ['options', 'errors', 'diagnostics'],
    // Node's modules are reached through `process.getBuiltinModule` at call time: edge bundles have none of them.
    mayTypes: ['engine-types', '@sentry/core', 'node:'],
  },

  { name: 'envelope', files: ['src/envelope/'], may: ['profile', 'options', 'errors', 'diagnostics', 'node:'] },
  // What a process that ends leaves on disk; the engine writes it, the engine and the command line read it.
  { name: 'spool', files: ['src/spool/'], may: ['node:'] },
  {
    name: 'profiler',
    files: ['src/profiler/'],
    may: ['profile', 'options', 'errors', 'diagnostics', 'node:'],
    // The binding is handed in, so that tests can hand in another.
    mayTypes: ['binding', 'engine-types'],
  },
  {
    name: 'attribution',
    files: ['src/attribution/'],
    may: ['profile', 'options', 'errors', 'diagnostics', 'node:'],
    mayTypes: ['profiler', 'binding', 'engine-types'],
  },
  {
    name: 'sentry',
    files: ['src/sentry/'],
    may: ['profiler', 'attribution', 'envelope', 'spool', 'profile', 'options', 'errors', 'diagnostics', 'node:'],
    mayTypes: ['engine-types', '@sentry/core'],
  },
  {
    name: 'instrument',
    files: ['src/instrument/'],
    // Of sentry only how spans are found and read.
    may: ['sentry', 'node:'],
    mayTypes: ['engine-types'],
  },
  {
    name: 'engine-entry',
    // Once per process, and once per client.
    files: ['src/engine-entry.ts', 'src/client-profiling.ts'],
    // The manifest gives the engine its version; the bundler copies that one field in.
    may: [
      'profiler',
      'attribution',
      'sentry',
      'instrument',
      'spool',
      'options',
      'errors',
      'diagnostics',
      'binding',
      'inspector-binding',
      'manifest',
      'node:',
    ],
    mayTypes: ['engine-types'],
  },
  { name: 'manifest', files: ['package.json'], may: [] },
  // As text, for a page that tells people what to write.
  { name: 'example-app', files: ['example-app/'], may: [] },

  {
    name: 'store',
    files: ['src/store/'],
    // Bundled into a file of the command line that is loaded when a store is on a server.
    may: ['profile', 'envelope', 'errors', '@clickhouse/client', 'node:'],
  },
  {
    name: 'symbolicate',
    files: ['src/symbolicate/'],
    may: ['profile', '@babel/parser', '@jridgewell/trace-mapping', 'node:'],
    mayTypes: ['store', '@babel/types'],
  },
  // Bundled into the command line: nothing of it is installed by users.
  { name: 'formats', files: ['src/formats/'], may: ['profile', 'errors', 'pprof-format', 'node:'] },
  {
    name: 'collector',
    files: ['src/collector/'],
    may: ['store', 'profile', 'envelope', 'formats', 'errors', 'node:'],
    mayTypes: ['api-types', 'symbolicate'],
  },
  {
    name: 'doctor',
    // Looks at a build and at the server that it boots, from outside; the probe runs within that server.
    files: ['src/doctor/'],
    // Of the door only the status of a process without an engine.
    may: ['envelope', 'profile', 'binary-check', 'target', 'door', 'errors', 'node:'],
    mayTypes: ['engine-types'],
  },
  // What the collector answers. Types only, so that the page can share them with it.
  {
    name: 'api-types',
    files: [
      'src/collector/api-types.ts',
      'src/collector/api-profile-types.ts',
      'src/collector/api-trace-types.ts',
      'src/collector/api-diff-types.ts',
    ],
    may: [],
    mayTypes: ['profile', 'store', 'symbolicate'],
  },
  {
    name: 'viewer',
    // Browser code. What it imports is built into its own files, so users install nothing of it.
    files: ['src/viewer/'],
    may: ['profile', 'example-app', 'react', 'react-dom', 'wouter', 'swr', 'uplot', '@tanstack/react-virtual'],
    mayTypes: ['api-types'],
  },
  { name: 'viewer-build', files: ['src/viewer/vite.config.ts'], may: ['vite', 'node:'] },
  {
    name: 'cli',
    files: ['src/cli/'],
    mayTypes: ['api-types'],
    may: [
      'doctor',
      'collector',
      'store',
      'symbolicate',
      'formats',
      'spool',
      'profile',
      'binary',
      'target',
      'errors',
      'node:',
    ],
  },

  { name: 'plugin', files: ['plugin/'], may: ['target', 'binary', 'errors', 'node:'], mayTypes: ['next'] },
  {
    name: 'wrap-loader',
    // Runs within a bundler, in a file of its own. The parser and its company are built into that file.
    files: ['plugin/wrap-loader.ts', 'plugin/wrap/'],
    may: ['@babel/parser', 'magic-string', '@jridgewell/remapping', 'node:'],
    mayTypes: ['@babel/types'],
  },
];

/** What lies at the top of the repository. Files with a leading dot are for tools and not listed. */
export const TOP_LEVEL: readonly string[] = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'docs',
  'e2e',
  'example-app',
  'native',
  'package-lock.json',
  'package.json',
  'plugin',
  'src',
  'test',
  'tsconfig.json',
];

/** Longest file, in lines, by ending. */
export const LONGEST: Readonly<Record<string, number>> = { '.ts': 300, '.tsx': 300, '.cc': 400, '.h': 400 };

/** At least this share of all source files stays below that many lines. */
export const MOSTLY_SHORT = { share: 0.9, lines: 200 };

/** Names that say nothing about what a file does. */
export const EMPTY_NAMES = /^(utils?|helpers?|common|misc)$/;
