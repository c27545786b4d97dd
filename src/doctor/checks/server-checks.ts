import type { Examination } from '../examination.ts';
import { type Finding, note, ok, problem } from '../finding.ts';

const SHOWN_LINES = 10;

export function boot({ server }: Examination): Finding | null {
  if (server === null) return null;
  const { bootMs, end, lines, path, httpStatus } = server;
  if (bootMs !== null && end === null) {
    return ok(
      `the server answers ${path} with ${httpStatus}, ${Math.round(bootMs)} ms after its start (${server.command})`,
    );
  }
  const printed =
    lines.length === 0 ? 'it printed nothing' : `it printed last:\n${lines.slice(-SHOWN_LINES).join('\n')}`;
  if (server.answersWithoutProfiling) {
    const what = end === null ? 'does not answer' : `ends (${end})`;
    const says = `the server ${what}, and serves with NEXT_PROFILING=off; ${printed}`;
    return problem('server-fails-with-profiling', says, 'NEXT_PROFILING=off, and please report it to us');
  }
  if (end !== null) return problem('server-ended', `the server ended (${end}); ${printed}`);
  const fix = 'give the server what it waits for, or more time with --timeout';
  return problem('server-silent', `the server did not answer ${path} in time; ${printed}`, fix);
}

export function route({ server }: Examination): Finding | null {
  if (server === null || server.bootMs === null || (server.httpStatus ?? 500) < 500) return null;
  return note('route-fails', `${server.path} answers ${server.httpStatus}`, 'name another path with --path');
}

/** What other checks say. */
const SAID_ELSEWHERE = ['engine', 'disabled', 'fallback', 'rate'];

/** What else we wrote to the server's log. */
export function log({ server }: Examination): Finding | null {
  const said = Object.entries(server?.report?.said ?? {});
  const lines = said.flatMap(([subject, line]) => (SAID_ELSEWHERE.includes(subject) ? [] : [line]));
  return lines.length === 0 ? null : note('warning-logged', `the log says: ${lines.join('\n')}`);
}
