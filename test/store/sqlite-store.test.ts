import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSqlite } from '../../src/store/load-sqlite.ts';
import { migrate, SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { openStore, storeFile } from '../../src/store/open-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { describeStore } from './store-conformance.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'next-profiling-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (...path: string[]) => join(folder, ...path);

describeStore('the SQLite store', () => openSqliteStore(file('deep', 'er', 'profiles.db')));

describe('a file that cannot be the store is a clear error and stays as it was', () => {
  test('one that is no database', async () => {
    writeFileSync(file('notes.txt'), 'these are my notes, not a database'.repeat(100));
    const problem = { code: 'NP_STORE', message: expect.stringMatching(/notes\.txt.*not a SQLite database.*--store/) };
    await expect(openSqliteStore(file('notes.txt'))).rejects.toMatchObject(problem);
    expect(readFileSync(file('notes.txt'), 'utf8')).toMatch(/^these are my notes/);
  });

  test('a damaged one', async () => {
    const store = await openSqliteStore(file('profiles.db'));
    await store.close();
    const bytes = readFileSync(file('profiles.db'));
    writeFileSync(file('profiles.db'), bytes.fill(0x5a, 100, bytes.length));
    const opened = openSqliteStore(file('profiles.db')).then((damaged) => damaged.status());
    await expect(opened).rejects.toMatchObject({ code: 'NP_STORE', message: expect.stringMatching(/damaged/) });
  });

  test('a database of another program', async () => {
    const theirs = new DatabaseSync(file('theirs.db'));
    theirs.exec('CREATE TABLE bookmarks (url TEXT)');
    theirs.close();
    const problem = { code: 'NP_STORE', message: expect.stringMatching(/database of another program/) };
    await expect(openSqliteStore(file('theirs.db'))).rejects.toMatchObject(problem);
    const again = new DatabaseSync(file('theirs.db'));
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toMatchObject([{ name: 'bookmarks' }]);
    again.close();
  });

  test('one with a newer schema', async () => {
    await (await openSqliteStore(file('profiles.db'))).close();
    const newer = new DatabaseSync(file('profiles.db'));
    newer.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    const message = expect.stringMatching(
      new RegExp(`schema version ${SCHEMA_VERSION + 1}.*knows up to ${SCHEMA_VERSION}.*update`),
    );
    await expect(openSqliteStore(file('profiles.db'))).rejects.toMatchObject({ code: 'NP_STORE', message });
  });

  test('a path that leads through a file', async () => {
    writeFileSync(file('plain'), '');
    const problem = { code: 'NP_STORE', message: expect.stringMatching(/cannot use the store .*--store/) };
    await expect(openSqliteStore(file('plain', 'profiles.db'))).rejects.toMatchObject(problem);
  });

  test('a folder', async () => {
    mkdirSync(file('profiles.db'));
    const problem = { code: 'NP_STORE', message: expect.stringMatching(/cannot be opened/) };
    await expect(openSqliteStore(file('profiles.db'))).rejects.toMatchObject(problem);
  });
});

test('a process that waited while another created the schema leaves it as it is', () => {
  const [first, second] = [new DatabaseSync(file('new.db')), new DatabaseSync(file('new.db'))];
  const late = new Proxy(second, {
    get: (database, name) => {
      const value = Reflect.get(database, name, database);
      if (name !== 'exec') return typeof value === 'function' ? value.bind(database) : value;
      return (sql: string) => {
        if (sql === 'BEGIN IMMEDIATE') migrate(first, file('new.db'));
        database.exec(sql);
      };
    },
  });
  migrate(late, file('new.db'));
  expect(second.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
  first.close();
  second.close();
});

test('several processes may create the same store at the same time and write to it together', async () => {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { openSqliteStore } from ${module('../../src/store/sqlite-store.ts')};
    import { requestOf } from ${module('./span-of.ts')};
    const store = await openSqliteStore(process.argv[1]);
    for (let i = 0; i < 20; i++) await store.write({ chunks: [], spans: [requestOf('/a', i, i + 1), requestOf('/b', i, i + 1)] });
    await store.close();`;
  const codes = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, file('shared.db')], {
        stdio: 'inherit',
      });
      const [code] = await once(child, 'exit');
      return code;
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  const store = await openSqliteStore(file('shared.db'));
  expect(await store.status()).toMatchObject({ spans: 160 });
  await store.close();
});

test('a Node without SQLite is told which one is needed, and which this is', async () => {
  const missing = () => Promise.reject(new Error('No such built-in module: node:sqlite'));
  const message = expect.stringContaining(`needs Node 22.13 or newer for its SQLite store, found ${process.version}`);
  await expect(loadSqlite(missing)).rejects.toMatchObject({ code: 'NP_SQLITE', message });
});

test.each([
  ['profiles.db', 'profiles.db'],
  ['sqlite:data/profiles.db', 'data/profiles.db'],
  ['sqlite:/abs/profiles.db', '/abs/profiles.db'],
  ['sqlite:///abs/profiles.db', '/abs/profiles.db'],
  ['C:\\data\\profiles.db', 'C:\\data\\profiles.db'],
])('--store %s is the file %s', (address, path) => {
  expect(storeFile(address)).toBe(path);
});

test.each(['', 'sqlite:', 'clickhouses://host', 'http://x/y'])(
  '--store %o is refused with what is allowed',
  async (address) => {
    await expect(openStore(address)).rejects.toMatchObject({
      code: 'NP_OPTION',
      message: expect.stringMatching(/allowed: sqlite:FILE/),
    });
  },
);
