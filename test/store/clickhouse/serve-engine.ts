/**
 * A ClickHouse server as far as our client sees it: the HTTP interface before chdb, ClickHouse's engine in this process.
 * Arguments: the package's folder, the folder of the data, and the server's configuration if it is to have one. Prints its
 * port.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface Engine {
  queryAsync(sql: string, options: { format: string }): Promise<{ bytes(): Uint8Array }>;
}

const [folder = '', data = '', configuration] = process.argv.slice(2);
const { Session } = createRequire(import.meta.url)(folder) as {
  Session: new (path: string, options: { connectionArgs: string[] }) => Engine;
};
const connectionArgs = configuration === undefined ? [] : [`--config-file=${configuration}`];

/** A session answers one question at a time; these answer at the same time, as a server does. */
const sessions = Array.from({ length: 4 }, () => ({
  engine: new Session(data, { connectionArgs }),
  free: Promise.resolve<unknown>(undefined),
  waiting: 0,
}));

/** Parameters of a URL that are not settings. */
const OWN = new Set(['query', 'query_id', 'database', 'session_id', 'role', 'default_format']);
/** Settings of the interface itself, which the engine does not know. */
const OF_HTTP = /^(wait_end_of_query|enable_http_compression|send_progress_in_http_headers|http_.*)$/;

interface Question {
  sql: string;
  parameters: [name: string, value: string][];
  settings: [name: string, value: string][];
}

async function questionIn(request: IncomingMessage): Promise<Question> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const body = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  let fields = [...url.searchParams];
  let sql = url.searchParams.get('query') ?? '';
  if (type.startsWith('multipart/form-data')) {
    const form = [...(await new Response(body, { headers: { 'content-type': type } }).formData())];
    fields = [...fields, ...form.map(([name, value]): [string, string] => [name, String(value)])];
    sql = fields.find(([name]) => name === 'query')?.[1] ?? '';
  } else sql = sql === '' ? body.toString() : `${sql}\n${body.toString()}`;
  const named = (prefix: RegExp) => fields.filter(([name]) => prefix.test(name));
  return {
    sql,
    parameters: named(/^param_/),
    settings: fields.filter(([name]) => !OWN.has(name) && !OF_HTTP.test(name) && !name.startsWith('param_')),
  };
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** Replication, and statements for all servers, need a coordinator, which is the one thing that the engine does not hold. */
const withoutCoordinator = (sql: string): string =>
  sql.replace(/ ON CLUSTER '[^']*'/, '').replace(/Replicated(\w+)\('[^']*', '[^']*'(?:, )?/, '$1(');

async function answer(engine: Engine, { sql, parameters, settings }: Question): Promise<Uint8Array> {
  const run = (statement: string) => engine.queryAsync(statement, { format: 'TabSeparated' });
  for (const [name, value] of [...parameters, ...settings]) await run(`SET ${name} = ${quoted(value)}`);
  try {
    return (await run(sql.startsWith('CREATE') ? withoutCoordinator(sql) : sql)).bytes();
  } finally {
    for (const [name] of settings) await run(`SET ${name} = DEFAULT`);
  }
}

const server = createServer(async (request, response) => {
  const question = await questionIn(request);
  const session = sessions.reduce((least, one) => (one.waiting < least.waiting ? one : least));
  session.waiting += 1;
  const mine = session.free.then(() => answer(session.engine, question));
  session.free = mine.catch(() => {});
  try {
    response.end(await mine);
  } catch (error) {
    const message = (error as Error).message;
    response.statusCode = 500;
    response.setHeader('x-clickhouse-exception-code', /Code: (\d+)/.exec(message)?.[1] ?? '0');
    response.end(message);
  } finally {
    session.waiting -= 1;
  }
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
// Whoever started it has ended.
process.on('disconnect', () => process.exit());
