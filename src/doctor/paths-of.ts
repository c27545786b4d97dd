import { join } from 'node:path';
import { type Build, readJson } from './find-build.ts';

const MOST_PATHS = 10;

/**
 * What may be asked for, best first: the front page, then pages without parameters. Never a route handler: one that is
 * asked may do something.
 */
export function pathsOf({ distDir, basePath }: Build): string[] {
  const appRoutes: Record<string, string> = readJson(join(distDir, 'app-path-routes-manifest.json')) ?? {};
  const pages: Record<string, string> = readJson(join(distDir, 'server', 'pages-manifest.json')) ?? {};
  const routes = [
    ...Object.entries(appRoutes).flatMap(([entry, route]) => (entry.endsWith('/page') ? [route] : [])),
    ...Object.keys(pages).filter((route) => !/^\/(_|api\/|404$|500$)/.test(route)),
  ];
  const plain = routes.filter((route) => !route.includes('[') && !route.startsWith('/_'));
  return [...new Set(['/', ...plain])].slice(0, MOST_PATHS).map((route) => withBase(basePath, route));
}

const withBase = (basePath: string, route: string): string =>
  basePath !== '' && route === '/' ? basePath : `${basePath}${route}`;
