import { Agent, request } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Dice } from './dice.ts';
import { mutateBytes } from './mutate-bytes.ts';

/** How bytes are sent. */
export interface Delivery {
  path: string;
  headers: Record<string, string | number>;
  body: Buffer;
  /** Bytes after which the connection is cut, less than were announced. */
  cutAfter?: number;
  what: string[];
}

/** What came back; `status` is 0 where the connection was cut. */
export interface Answer {
  status: number;
  text: string;
}

const ENVELOPES = '/api/1/envelope/?sentry_key=public';

const PACKERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gzipSync,
  br: (bytes) => brotliCompressSync(bytes, { params: { 1: 1 } }),
  deflate: deflateSync,
  ...(zstdCompressSync !== undefined && { zstd: zstdCompressSync }),
};

/** Mostly as SDKs send; one in five is packed, and one in thirty is sent in a way that cannot be right. */
export function deliveryOf(body: Buffer, dice: Dice): Delivery {
  const delivery: Delivery = { path: ENVELOPES, headers: {}, body, what: [] };
  if (dice.chance(0.2)) {
    const encoding = dice.pick(Object.keys(PACKERS));
    delivery.body = PACKERS[encoding]?.(body) ?? body;
    delivery.headers['content-encoding'] = encoding;
    if (dice.chance(0.2)) {
      const [changed, how] = mutateBytes(delivery.body, dice);
      delivery.body = changed;
      delivery.what.push(`${encoding} ${how}`);
    }
  }
  if (dice.chance(1 / 30)) delivery.what.push(breakIt(delivery, dice));
  return delivery;
}

const BREAKS: Record<string, (delivery: Delivery, dice: Dice) => void> = {
  'cut off on the way': (delivery, dice) => {
    delivery.cutAfter = dice.below(delivery.body.length + 1);
    delivery.headers['content-length'] = delivery.body.length + 1;
  },
  'another encoding than it says': ({ headers }, dice) => {
    headers['content-encoding'] = dice.pick(['gzip', 'br', 'deflate', 'zstd', 'lzma', 'gzip, gzip', '__proto__', '']);
  },
  'packed twice': (delivery) => {
    delivery.body = gzipSync(gzipSync(delivery.body));
    delivery.headers['content-encoding'] = 'gzip';
  },
  'no key': (delivery) => {
    delivery.path = '/api/1/envelope/';
  },
  nothing: (delivery) => {
    delivery.body = Buffer.alloc(0);
  },
  'unpacked larger than is read': (delivery) => {
    delivery.body = BOMB;
    delivery.headers['content-encoding'] = 'gzip';
  },
  'larger than is read': (delivery) => {
    delivery.body = Buffer.alloc(21 * 1024 * 1024, delivery.body);
  },
};

const BOMB = gzipSync(Buffer.alloc(51 * 1024 * 1024, '{}\n'), { level: 9 });

function breakIt(delivery: Delivery, dice: Dice): string {
  const name = dice.pick(Object.keys(BREAKS));
  BREAKS[name]?.(delivery, dice);
  return name;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

export function send(port: number, { path, headers, body, cutAfter }: Omit<Delivery, 'what'>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method: 'POST', path, ...(cutAfter === undefined && { agent }) };
    const length = headers['content-length'] ?? body.length;
    const outgoing = request({ ...options, headers: { ...headers, 'content-length': length } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    outgoing.on('error', (error) => (cutAfter === undefined ? reject(error) : resolve({ status: 0, text: '' })));
    if (cutAfter === undefined) outgoing.end(body);
    else outgoing.write(body.subarray(0, cutAfter), () => outgoing.destroy());
  });
}
