/** The span of one export. */
export interface ExportSpan {
  readonly name: string;
  /** Whether the function's result is what React renders. */
  readonly renders: boolean;
}

/** The exports of a file that Next calls, by name. */
export type ExportSpans = ReadonlyMap<string, ExportSpan>;

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const COMPONENTS: Readonly<Record<string, string>> = { page: 'Page', layout: 'Layout', template: 'Template' };
const PROXIES: Readonly<Record<string, string>> = { proxy: 'Proxy', middleware: 'Middleware' };

/**
 * What Next calls in a file, from the file's place alone; `null` where there is nothing. `path` is relative to the
 * project, with forward slashes. `extensions` are Next's `pageExtensions`.
 */
export function exportSpans(path: string, extensions: readonly string[]): ExportSpans | null {
  const file = withoutExtension(path.replace(/^src\//, ''), extensions);
  if (file === null) return null;
  const segments = file.split('/');
  const base = segments.pop() ?? '';
  const [top, ...folders] = segments;
  if (top === undefined) return ofProxy(base);
  if (top === 'app') return inApp(base, appRoute(folders));
  if (top === 'pages') return inPages(base, folders);
  return null;
}

function ofProxy(base: string): ExportSpans | null {
  const name = PROXIES[base];
  return name === undefined ? null : spans(['default', name], [base, name]);
}

function inApp(base: string, route: string): ExportSpans | null {
  if (base === 'route') {
    return spans(...METHODS.map((method): [string, string] => [method, `Route ${method} ${route}`]));
  }
  const component = COMPONENTS[base];
  if (component === undefined) return null;
  const all = new Map(spans(['default', `${component} ${route}`, true]));
  if (base !== 'template') all.set('generateMetadata', { name: `Metadata ${route}`, renders: false });
  return all;
}

function inPages(base: string, folders: readonly string[]): ExportSpans | null {
  const route = `/${[...folders, ...(base === 'index' ? [] : [base])].join('/')}`;
  if (folders[0] === 'api' || route === '/api') return spans(['default', `API ${route}`]);
  if (folders.length === 0 && /^_(app|document|error)$/.test(base)) return null;
  return spans(['getServerSideProps', `getServerSideProps ${route}`]);
}

/** As Next names it: without groups and parallel slots, which are in no URL. */
function appRoute(folders: readonly string[]): string {
  return `/${folders.filter((folder) => !/^\(.*\)$|^@/.test(folder)).join('/')}`;
}

/** Longest first: `page.tsx` may be an extension, too. Only what is JavaScript. */
function withoutExtension(path: string, extensions: readonly string[]): string | null {
  const usual = /^(.*(?:^|\/)(?:proxy|middleware))\.[cm]?[jt]s$/.exec(path)?.[1];
  if (usual !== undefined) return usual;
  if (!/\.[cm]?[jt]sx?$/.test(path)) return null;
  const longestFirst = [...extensions].sort((a, b) => b.length - a.length);
  const extension = longestFirst.find((one) => path.endsWith(`.${one}`));
  return extension === undefined ? null : path.slice(0, -extension.length - 1);
}

function spans(...all: [exported: string, name: string, renders?: boolean][]): ExportSpans {
  return new Map(all.map(([exported, name, renders = false]) => [exported, { name, renders }]));
}
