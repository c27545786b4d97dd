import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSqlite } from '../../src/store/load-sqlite.ts';
import { chunkItem, envelopeOf, spanItem, spanOf } from '../collector/envelope-of.ts';
import { chunkOf, T0 } from '../profile/chunk-of.ts';
import { startCli, temporaryFolder } from './run-cli.ts';

const ROUNDS = 10;
const SENDERS = 4;
const STORE = 'profiles.db';
/** Long enough ago that the collector sums it up in the background while more of it comes. */
const AGO = Date.now() / 1e3 - 1_200 - T0;

/** An envelope with a chunk and a span of the same id. */
function envelope(): { id: string; body: string } {
  const at = AGO + Math.random() * 600;
  const lines = Array.from(
    { length: 200 },
    (_, index) => [at + index / 100, [`f${index % 20}`, 'main']] as [number, string[]],
  );
  const chunk = chunkOf(lines);
  const request = spanOf({ name: 'GET /', op: 'http.server', from: at, to: at + 1, attributes: { 'http.route': '/' } });
  return {
    id: chunk.chunk_id,
    body: envelopeOf(chunkItem(chunk), spanItem({ ...request, trace_id: chunk.chunk_id })),
  };
}

test(`a collector that is killed ${ROUNDS} times at full rate keeps all that it acknowledged, once`, async () => {
  const cwd = temporaryFolder();
  const acknowledged = new Set<string>();
  let unanswered: ReturnType<typeof envelope>[] = [];
  const startMs = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const cli = startCli(['collect', '--port', '0', '--store', STORE], { cwd });
    const [, url] = await cli.printed(/collecting at (\S+)/);
    const enough = acknowledged.size + 80 + Math.random() * 120;
    const retries = unanswered;
    unanswered = [];
    const sendUntilKilled = async (): Promise<void> => {
      for (;;) {
        const next = retries.pop() ?? envelope();
        const answer = await fetch(`${url}/api/1/envelope/?sentry_key=k`, { method: 'POST', body: next.body }).catch(
          () => null,
        );
        if (answer === null) return void unanswered.push(next);
        expect(answer.status).toBe(200);
        acknowledged.add(next.id);
        if (acknowledged.size >= enough) cli.child.kill('SIGKILL');
        // Its head is the answer: what comes after may be cut.
        await answer.arrayBuffer().catch(() => null);
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sendUntilKilled));
    expect(await cli.ended).toBe(null);
  }
  const tookMs = performance.now() - startMs;
  const { DatabaseSync } = await loadSqlite();
  const database = new DatabaseSync(join(cwd, STORE));
  const stored = database
    .prepare('SELECT chunk_id FROM chunks')
    .all()
    .map(({ chunk_id }) => chunk_id as string);
  const withSpan = database.prepare('SELECT chunk_id FROM chunks JOIN spans ON trace_id = chunk_id').all();
  const integrity = database.prepare('PRAGMA integrity_check').all().flatMap(Object.values);
  database.close();
  console.log(`${acknowledged.size} of ${stored.length} stored were acknowledged, ${Math.round(tookMs)} ms`);
  expect([...acknowledged].filter((id) => !stored.includes(id))).toEqual([]);
  expect(new Set(stored).size).toBe(stored.length);
  expect(withSpan.length).toBe(stored.length);
  expect(integrity).toEqual(['ok']);

  const cli = startCli(['collect', '--port', '0', '--store', STORE], { cwd });
  const [, url] = await cli.printed(/collecting at (\S+)/);
  for (const { body } of unanswered) await fetch(`${url}/api/1/envelope/?sentry_key=k`, { method: 'POST', body });
  const { store } = await (await fetch(`${url}/api/v1/status`)).json();
  expect(store.chunks).toBe(new Set([...stored, ...unanswered.map(({ id }) => id)]).size);
  expect((await (await fetch(`${url}/api/v1/routes`)).json()).routes[0].requests).toBe(store.chunks);
});
