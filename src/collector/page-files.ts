import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { sendBody } from './answers.ts';
import type { Service } from './service.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** One name in one folder, so nothing that leads out of it. */
const FILE = /^\/(?:(assets|speedscope)\/)?([A-Za-z0-9_-][A-Za-z0-9._-]*)$/;
/** Where they are below the folder of all pages. */
const FOLDERS: Readonly<Record<string, string>> = { assets: 'viewer/assets', speedscope: 'speedscope' };
/** The page finds out by itself what it is asked to show at these. */
const PAGES = /^\/(profile|trace|blocks|compare|sessions|requests)?(\/[^/]*)?$/;

/** Nothing but our own files, nothing inline: what a profile or a URL smuggled in could not run. */
const PAGE_POLICY = policy("script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'");
/** Speedscope writes its styles into the page, and reads profiles of Java by WebAssembly, which it loads at once. */
const SPEEDSCOPE_POLICY = policy(
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
);

function policy(...more: string[]): string {
  return [
    "default-src 'none'",
    "connect-src 'self'",
    ...more,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Whether a browser asks for a page to show, and not a program for data. */
export function wantsPage({ headers }: IncomingMessage, { pathname }: URL): boolean {
  return PAGES.test(pathname) && /\btext\/html\b/i.test(headers.accept ?? '');
}

/** Answers with one of the page's files, or with the page itself. `false` if there is none: nothing was answered then. */
export async function answerFile(
  { pagesFolder }: Service,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  if (pagesFolder === null || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
  const pathname = url.pathname === '/speedscope/' ? '/speedscope/index.html' : url.pathname;
  const [, folder = '', name = ''] = wantsPage(request, url) ? [] : (FILE.exec(pathname) ?? [undefined, '', null]);
  if (name === null) return false;
  const file = name === '' ? 'index.html' : name;
  const body = await readFile(join(pagesFolder, FOLDERS[folder] ?? 'viewer', file)).catch(() => null);
  if (body === null) return false;
  // The bundler names what may be kept for ever after its content.
  const isHashed = folder === 'assets' || /-[A-Z0-9]{8}\.[a-z0-9]+$/.test(file);
  sendBody(response, 200, TYPES[extname(file)] ?? 'application/octet-stream', body, {
    'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': folder === 'speedscope' ? SPEEDSCOPE_POLICY : PAGE_POLICY,
    vary: 'accept',
    // The token may be in the address.
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  return true;
}
