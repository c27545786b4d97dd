import type { Dice } from './dice.ts';

const INSERTIONS = ['\n', '\n\n', '\r\n', '\u0000', '\ufeff', '{', '}', '"', '\\', '{}\n', ',', ' '].map((text) =>
  Buffer.from(text),
);

const CHANGES: Record<string, (bytes: Buffer, at: number, dice: Dice) => Buffer> = {
  'cut off': (bytes, at) => bytes.subarray(0, at),
  'without its beginning': (bytes, at) => bytes.subarray(at),
  'with other bytes': (bytes, at, dice) => splice(bytes, at, 1 + dice.below(8), dice.bytes(1 + dice.below(8))),
  'with a flipped bit': (bytes, at, dice) =>
    splice(bytes, at, 1, Buffer.from([(bytes[at] ?? 0) ^ (1 << dice.below(8))])),
  'with a hole': (bytes, at, dice) => splice(bytes, at, 1 + dice.below(500), Buffer.alloc(0)),
  'with an insertion': (bytes, at, dice) => splice(bytes, at, 0, dice.pick(INSERTIONS)),
  'with a part twice': (bytes, at, dice) => splice(bytes, at, 0, bytes.subarray(at, at + 1 + dice.below(2_000))),
};

/** Changes bytes without looking at what they mean, and says how. */
export function mutateBytes(bytes: Buffer, dice: Dice): [bytes: Buffer, what: string] {
  const what = dice.pick(Object.keys(CHANGES));
  const at = dice.below(bytes.length + 1);
  return [CHANGES[what]?.(bytes, at, dice) ?? bytes, `${what} at ${at}`];
}

const splice = (bytes: Buffer, at: number, gone: number, come: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), come, bytes.subarray(at + gone)]);
