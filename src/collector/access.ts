import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether a host name or address means this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return /^(::ffff:)?127(\.\d{1,3}){3}$/.test(name);
}

/** A token travels as the public key of a DSN too, so it is made of what a DSN can hold. */
export const TOKEN_PATTERN = /^[A-Za-z0-9_-]{16,}$/;

/**
 * Whether the page that a browser asks for may be shown. A web page anywhere can point its own host name at 127.0.0.1
 * and read what answers there, so on loopback the name that was asked for must be a loopback one.
 */
export function asksForLoopback({ headers }: IncomingMessage): boolean {
  try {
    return isLoopback(new URL(`http://${headers.host ?? ''}`).hostname);
  } catch {
    return false;
  }
}

/** Whether a reader may read: `Authorization: Bearer TOKEN`, or `?token=TOKEN` for a browser. */
export function mayRead({ headers }: IncomingMessage, url: URL, token: string | undefined): boolean {
  if (token === undefined) return true;
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  return same(bearer ?? url.searchParams.get('token') ?? '', token);
}

/** The public key that an SDK sent, in `X-Sentry-Auth` or the query. */
export function sentryKey({ headers }: IncomingMessage, url: URL): string | undefined {
  const header = headers['x-sentry-auth'];
  const fromHeader = /(?:^|[\s,])sentry_key=([^\s,]+)/i.exec(typeof header === 'string' ? header : '')?.[1];
  return fromHeader ?? (url.searchParams.get('sentry_key') || undefined);
}

/** Whether a sender with this key may send. Without a token any key will do, as the DSN's key is no secret. */
export function maySend(key: string, token: string | undefined): boolean {
  return token === undefined || same(key, token);
}

/** In a time that says nothing about where they differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
