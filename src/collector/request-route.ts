import type { StoredRequest } from '../store/profile-store.ts';

/** What a request is listed under when nothing says where it went. */
export const UNKNOWN_ROUTE = '(unknown)';

/** Finds the pattern that a path fits, so that one route does not fall into a row per id. */
export class RoutePatterns {
  readonly known: ReadonlySet<string>;
  readonly #patterns: { route: string; matches: RegExp }[];

  constructor(patterns: Iterable<string>) {
    this.known = new Set(patterns);
    this.#patterns = [...this.known]
      // A pattern with fewer wildcards is the more exact one.
      .sort((a, b) => wildcards(a) - wildcards(b) || (a < b ? -1 : 1))
      .map((route) => ({ route, matches: patternOf(route) }));
  }

  /** The path itself if it fits none. */
  of(path: string): string {
    return this.#patterns.find(({ matches }) => matches.test(path))?.route ?? path;
  }
}

/**
 * Names the route of requests. The pattern that the spans name comes first. Where only the span's name is left
 * (`GET /blog/hello`), it counts as a URL and takes the pattern that it fits of those that other requests named.
 */
export class RouteNames {
  readonly patterns: RoutePatterns;

  constructor(requests: readonly StoredRequest[]) {
    this.patterns = new RoutePatterns(requests.flatMap(({ route }) => (route === null ? [] : [route])));
  }

  of({ route, name, urlPath }: StoredRequest): string {
    if (route !== null) return route;
    const named = name.replace(/^[A-Z]+(\s+|$)/, '');
    const path = (named.startsWith('/') ? named : (urlPath ?? '')).replace(/[?#].*$/s, '');
    if (path === '') return named || UNKNOWN_ROUTE;
    return this.patterns.of(path);
  }
}

/** A segment of a Next pattern that stands for something: `[id]`, `[...rest]`, `[[...rest]]`; or `:id` of a router. */
const WILDCARD = /^(\[.+\]|:.+)$/;

const wildcards = (route: string): number => route.split('/').filter((segment) => WILDCARD.test(segment)).length;

function patternOf(route: string): RegExp {
  const source = route.split('/').map((segment, index) => {
    const slash = index === 0 ? '' : '/';
    if (/^\[\[\.\.\..+\]\]$/.test(segment)) return `(?:${slash}.*)?`;
    if (/^\[\.\.\..+\]$/.test(segment)) return `${slash}.+`;
    if (WILDCARD.test(segment)) return `${slash}[^/]+`;
    return slash + segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}/?$`);
}
