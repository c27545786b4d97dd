import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What becomes of a question: it is answered; it is, but the answer is lost; or it waits, and then is. */
export type Fate = 'pass' | 'lose' | Promise<unknown>;

/** A way to a server on which things happen. Resolves to the address of a store that is reached by it. */
export async function faultyWay(address: string, fateOf: (sql: string) => Fate): Promise<string> {
  const to = new URL(address);
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const sql = `${new URL(incoming.url ?? '/', 'http://localhost').searchParams.get('query') ?? ''}${body}`;
    const fate = fateOf(sql);
    if (typeof fate !== 'string') await fate;
    const { method, url, headers } = incoming;
    const onward = request({ host: to.hostname, port: to.port, method, path: url, headers }, async (answer) => {
      const bytes = await buffer(answer);
      if (fate === 'lose') return incoming.socket.destroy();
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(bytes);
    });
    onward.on('error', () => incoming.socket.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const way = new URL(address);
  way.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return way.href;
}
