import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { contextChunk, inChunk } from '../collector/context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem, spanOf } from '../collector/envelope-of.ts';
import { openCollector } from '../collector/open-collector.ts';
import { chunkOf } from '../profile/chunk-of.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

/** `top --by span` on a store with what these items say. */
async function topOf(items: [object, unknown][], ...args: string[]) {
  const cwd = temporaryFolder();
  const collector = await openCollector({ store: await openSqliteStore(join(cwd, 'kept.db')) });
  await collector.post(envelopeOf(...items));
  const { code, stdout, stderr } = await runCli(['top', '--by', 'span', '--store', 'kept.db', ...args], { cwd });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).not.toContain('\u001b');
  return stdout;
}

const known = (): [object, unknown][] => {
  const [root, other] = [requestSpan('/blog/[slug]', 0, 9), requestSpan('/api/busy', 0, 9)];
  const page = spanOf({ name: 'Page /blog/[slug]', from: 0, to: 9, parent: root });
  const chunk = contextChunk([
    [0, ['render'], inChunk(page, { parent: inChunk(root) }), 30],
    [1, ['burn'], inChunk(other), 60],
    [2, ['\u001b[2Jparse'], null, 10],
    [3, [], null, 0],
  ]);
  return [chunkItem(chunk), spanItem(root, other, page)];
};

const unknown = () =>
  chunkItem(
    chunkOf([
      [0, ['f']],
      [0.05, ['f']],
      [0.1, []],
    ]),
  );

describe('top --by span', () => {
  test('lists spans by their own time, and what was outside of any', async () => {
    const lines = (await topOf(known())).split('\n');
    expect(lines).toEqual([
      'all routes: 100 ms CPU (by context)',
      '',
      'span               spans  self ms  total ms  share',
      'GET /api/busy          1     60.0      60.0  60.0%',
      'Page /blog/[slug]      1     30.0      30.0  30.0%',
      'GET /blog/[slug]       1     0.00      30.0   0.0%',
      '(no span)                    10.0            10.0%',
      '',
      '(no span): outside of any living span, top function ?[2Jparse.',
      '',
    ]);
  });

  test('with --route lists those of its requests; the time outside of spans is no part of them', async () => {
    const lines = (await topOf(known(), '--route', '/blog/[slug]')).split('\n');
    expect(lines).toEqual([
      '/blog/[slug]: 30 ms CPU (by context)',
      '',
      'span               spans  self ms  total ms   share',
      'Page /blog/[slug]      1     30.0      30.0  100.0%',
      'GET /blog/[slug]       1     0.00      30.0    0.0%',
      '',
      '(no span): 10 ms, 10.0% of all CPU time seen, outside of any living span, top function ?[2Jparse.',
      '',
    ]);
  });

  test('is JSON as the API answers it, and a Markdown table', async () => {
    expect(JSON.parse(await topOf(known(), '--json'))).toMatchObject({ route: null, cpuMs: 100, contextChunks: 1 });
    const markdown = await topOf(known(), '--markdown');
    expect(markdown).toMatch(/^\| GET \/api\/busy \| 1 \| 60\.0 \| 60\.0 \| 60\.0% \|$/m);
    expect(markdown).toMatch(/^\| \(no span\) \| {2}\| 10\.0 \| {2}\| 10\.0% \|$/m);
  });

  test('has a row for chunks that do not know their spans', async () => {
    const text = await topOf([...known(), unknown()]);
    expect(text).toMatch(/^all routes: 200 ms CPU \(by 50\.0% context, the rest time-window\)$/m);
    expect(text).toMatch(/^\(span not known\) +100\.0 +50\.0%$/m);
  });

  test('says in one line what is missing if no chunk knows its spans', async () => {
    const text = await topOf([unknown()]);
    expect(text).toMatch(
      /^No profile here says .* Node 24 or newer .* Node 22 with --experimental-async-context-frame/,
    );
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(await topOf([spanItem(requestSpan('/a', 0, 1))])).toMatch(/^No profiles yet/);
  });
});
