import type { ErrorAnswer } from '../../collector/api-types.ts';
import { withoutLast } from './filter.ts';

/** An answer other than 200, or none. */
export class AnswerError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const KEY = 'next-profiling-token';

/** The collector's token: from `?token=`, which is then taken out of the address, so that nobody shares it by accident. */
function readToken(): string | null {
  const url = new URL(location.href);
  const given = url.searchParams.get('token');
  if (given !== null) {
    sessionStorage.setItem(KEY, given);
    url.searchParams.delete('token');
    history.replaceState(history.state, '', url);
  }
  return given ?? sessionStorage.getItem(KEY);
}

let token: string | null | undefined;

export function currentToken(): string | null {
  if (token === undefined) token = readToken();
  return token;
}

/** @param address path and query, which may hold `last=…` */
export async function fetchJson<T>(address: string, init: RequestInit = {}): Promise<T> {
  const headers = new Headers(init.headers);
  const bearer = currentToken();
  if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`);
  let response: Response;
  try {
    response = await fetch(withoutLast(address, Date.now()), { ...init, headers });
  } catch {
    throw new AnswerError(0, 'The collector does not answer. Is it still running?');
  }
  if (!response.ok) throw new AnswerError(response.status, await detailOf(response));
  return (await response.json()) as T;
}

async function detailOf(response: Response): Promise<string> {
  try {
    const { detail, causes = [] } = (await response.json()) as Partial<ErrorAnswer>;
    return [detail ?? response.statusText, ...causes].join(': ');
  } catch {
    return `The collector answered ${response.status} ${response.statusText}`;
  }
}

/** An address for a link or a form, which cannot send a header. */
export function withToken(address: string): string {
  const resolved = withoutLast(address, Date.now());
  const bearer = currentToken();
  if (bearer === null) return resolved;
  return `${resolved}${resolved.includes('?') ? '&' : '?'}token=${encodeURIComponent(bearer)}`;
}
