import type { SessionsAnswer } from '../../collector/api-profile-types.ts';
import { formatDayTime, formatDuration } from '../model/format.ts';
import { useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';

/** Session, and within it the thread or lane, that the profile is narrowed down to. */
export function ThreadChoice() {
  const [query, change] = useQueryState();
  const session = query.get('session');
  const list = useAnswer<SessionsAnswer>('sessions').data?.sessions ?? [];
  const chosen = useAnswer<SessionsAnswer>(session === null ? null : 'sessions', `session=${session ?? ''}`).data;
  const threads = chosen?.sessions.find((each) => each.session === session)?.threads ?? [];
  return (
    <>
      <select
        aria-label="Profiler session"
        value={session ?? ''}
        onChange={({ target }) => change({ session: target.value, thread: null, lane: null, zoom: null })}
      >
        <option value="">All sessions</option>
        {session !== null && !list.some((each) => each.session === session) && (
          <option value={session}>Session {session.slice(0, 8)}</option>
        )}
        {list.map((each) => (
          <option key={each.session} value={each.session}>
            {each.name ?? `${formatDayTime(each.startMs)}, ${formatDuration(each.endMs - each.startMs)}`}
          </option>
        ))}
      </select>
      {threads.length > 0 && (
        <select
          aria-label="Thread"
          value={query.get('thread') ?? ''}
          onChange={({ target }) => change({ thread: target.value, lane: null, zoom: null })}
        >
          <option value="">All threads ({threads.length})</option>
          {threads.map(({ thread, name, cpuMs }) => (
            <option key={thread} value={thread}>
              {name} — {formatDuration(cpuMs)}
            </option>
          ))}
        </select>
      )}
    </>
  );
}
