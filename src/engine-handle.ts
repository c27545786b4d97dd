import type { Engine } from './engine.ts';
import { messageOf } from './errors.ts';

/** Under this key the engine guards its own uniqueness in a process; the door only reads it. */
const ENGINE_KEY = Symbol.for('next-profiling.engine');

/** Where the engine is, from a Next output folder and from the root of the installed package. */
const COPIED = 'next-profiling/engine.cjs';
const INSTALLED = 'dist/engine.cjs';

export interface EngineMiss {
  engine: null;
  tried: string[];
  fix: string;
}

/** `file` is null where another copy of the door had loaded the engine already. */
export type EngineSearch = { engine: Engine; file: string | null } | EngineMiss;

const BUILD_AGAIN = 'wrap next.config with withProfiling() and build again';

interface NodeModules {
  createRequire: typeof import('node:module').createRequire;
  path: typeof import('node:path');
  existsSync: typeof import('node:fs').existsSync;
  fileUrlToPath: typeof import('node:url').fileURLToPath;
}

let found: { engine: Engine; file: string | null } | undefined;

/**
 * The one engine of this process. Bundlers copy this file into several module graphs, so nothing is shared through
 * module state: the engine is one file on disk, which Node's own module cache loads once. A miss is not cached.
 */
export function findEngine(): EngineSearch {
  if (found) return found;
  try {
    const shared = (globalThis as Record<symbol, unknown>)[ENGINE_KEY];
    if (isEngine(shared)) {
      found = { engine: shared, file: null };
      return found;
    }
    return search();
  } catch (error) {
    return { engine: null, tried: [messageOf(error)], fix: BUILD_AGAIN };
  }
}

function search(): EngineSearch {
  const node = nodeModules();
  if (!node) return { engine: null, tried: ['process.getBuiltinModule'], fix: 'run it on Node.js 20.19 or newer' };
  const tried: string[] = [];
  for (const file of candidates(node, tried)) {
    if (!node.existsSync(file)) {
      tried.push(file);
      continue;
    }
    try {
      const { engine } = node.createRequire(file)(file) as { engine?: unknown };
      if (isEngine(engine)) {
        found = { engine, file };
        return found;
      }
      tried.push(`${file} (exports no engine)`);
    } catch (error) {
      tried.push(`${file} (${messageOf(error)})`);
    }
  }
  return { engine: null, tried, fix: BUILD_AGAIN };
}

/**
 * Files the engine may be in, best first. A production server takes the copy that its own build made. Outside
 * production a copy can only be the left-over of an older build (Next 15 shares `.next` between build and dev), so
 * there only the installed package counts.
 */
function* candidates(node: NodeModules, tried: string[]): Generator<string> {
  const { path } = node;
  const { argv, cwd } = globalThis.process;
  const running = runningFiles(node);
  const starts = [...(argv[1] ? [path.dirname(argv[1])] : []), cwd()];

  if (process.env.NODE_ENV === 'production') {
    // Next's own files are on the stack, too, and some are below a folder of that name.
    const built = running.filter((file) => !/[\\/]node_modules[\\/]next[\\/]/.test(file));
    const outputs = built.map((file) => outputFolder(path, file)).filter((folder) => folder !== undefined);
    for (const output of new Set([...outputs, ...starts.map((folder) => path.join(folder, '.next'))])) {
      yield path.join(output, COPIED);
    }
  }
  if (running[0]) yield path.join(path.dirname(running[0]), 'engine.cjs');
  for (const folder of new Set([...running.map((file) => path.dirname(file)), ...starts])) {
    const root = packageRoot(node, folder);
    if (root) yield path.join(root, INSTALLED);
    else tried.push(`package next-profiling from ${folder}`);
  }
}

/** Next writes server code to `<distDir>/server/…` under both bundlers, so the parent of that folder is the output. */
function outputFolder(path: NodeModules['path'], file: string): string | undefined {
  for (let folder = path.dirname(file); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (path.basename(folder) === 'server') return path.dirname(folder);
  }
  return undefined;
}

/** Asks Node's resolver rather than walking folders: it also knows pnpm's layout and Yarn's Plug'n'Play. */
function packageRoot(node: NodeModules, folder: string): string | undefined {
  try {
    const manifest = node.createRequire(node.path.join(folder, 'noop.js')).resolve('next-profiling/package.json');
    return node.path.dirname(manifest);
  } catch {
    return undefined;
  }
}

/**
 * The absolute paths of the files on the call stack, innermost first. Bundlers replace `import.meta.url` and
 * `__filename` by the path at build time; the stack names the file that really runs. A chunk that webpack's dev
 * server evaluated has no path of its own, but its origin has.
 */
function runningFiles({ path, fileUrlToPath }: NodeModules): string[] {
  const files = callSites()
    .map((site) => (site.startsWith('file:') ? fileUrlToPath(site) : site))
    .filter((site) => path.isAbsolute(site));
  return [...new Set(files)];
}

function callSites(): string[] {
  try {
    const sites = structuredStack();
    if (Array.isArray(sites)) return sites;
  } catch {
    // A frozen `Error`, for example: read the text instead.
  }
  return String(new Error('where am I').stack)
    .split('\n')
    .flatMap((line) => pathIn(line) ?? []);
}

/** Text cannot tell a path with brackets or spaces from its surroundings; V8's own objects can. */
function structuredStack(): unknown {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 50;
    Error.prepareStackTrace = (_error, sites) =>
      sites.flatMap((site) => [site.getFileName(), pathIn(site.getEvalOrigin())].filter((name) => name != null));
    return new Error('where am I').stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The file in `at name (/a/b.js:1:2)` or `eval at name (/a/b.js:1:2)`. */
function pathIn(text: string | undefined): string | undefined {
  return text?.match(/(?:\(|at )((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):\d+:\d+\)*$/)?.[1];
}

/** Reached through `process` at call time, so that neither a bundler nor a file tracer can follow it. */
function nodeModules(): NodeModules | undefined {
  const builtin = globalThis.process?.getBuiltinModule;
  if (typeof builtin !== 'function') return undefined;
  return {
    createRequire: builtin('node:module').createRequire,
    path: builtin('node:path'),
    existsSync: builtin('node:fs').existsSync,
    fileUrlToPath: builtin('node:url').fileURLToPath,
  };
}

function isEngine(value: unknown): value is Engine {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Engine>).attach === 'function';
}
