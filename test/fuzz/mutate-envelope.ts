import type { Dice } from './dice.ts';
import { hostileValue, type Json, jsonText } from './hostile-values.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { type Parts, recordedEnvelope } from './recorded-envelopes.ts';

/** An envelope that something is wrong with, and what. */
export interface MutatedEnvelope {
  bytes: Buffer;
  what: string[];
}

const TYPES = ['profile_chunk', 'profile', 'transaction', 'span', 'sessions', '__proto__', 'toString', ''];

/** A recorded envelope, changed in one to five places of its contents, its headers or its framing. */
export function mutatedEnvelope(dice: Dice): MutatedEnvelope {
  const parts = recordedEnvelope(dice);
  const what: string[] = [];
  for (let times = dice.chance(0.6) ? 1 : 2 + dice.below(4); times > 0; times--) {
    what.push(mutateParts(parts, dice));
  }
  let bytes = framed(parts, dice, what);
  if (dice.chance(0.1)) {
    const [changed, how] = mutateBytes(bytes, dice);
    bytes = changed;
    what.push(`body ${how}`);
  }
  return { bytes, what };
}

function mutateParts(parts: Parts, dice: Dice): string {
  const item = dice.pick(parts.items);
  const chosen = dice.below(20);
  if (item === undefined) return 'no items left';
  if (chosen < 14) return `payload: ${mutateJson(item.payload, dice)}`;
  if (chosen < 16) return `item header: ${mutateJson(item.header, dice)}`;
  if (chosen === 16) return `header: ${mutateJson(parts.header as { [key: string]: Json }, dice)}`;
  if (chosen === 17) {
    item.header.type = dice.chance(0.2) ? `made-up-${dice.hex(8)}` : dice.pick(TYPES);
    return `item type ${item.header.type}`;
  }
  if (chosen === 18) {
    const times = dice.pick([1, 1, 1, 50]);
    for (let n = 0; n < times; n++) parts.items.push(structuredClone(item));
    return `an item ${times + 1} times`;
  }
  parts.items.splice(parts.items.indexOf(item), 1);
  return 'an item less';
}

/** Every other with lengths, as SDKs differ in that; now and then the framing is broken. */
function framed({ header, items }: Parts, dice: Dice, what: string[]): Buffer {
  const hasLengths = dice.chance(0.5);
  const lines: string[] = [jsonText(header)];
  for (const item of items) {
    const payload = jsonText(item.payload);
    const length = Buffer.byteLength(payload);
    const own: Json = hasLengths ? { ...item.header, length } : { ...item.header };
    if (dice.chance(0.05)) {
      own.length = dice.pick<Json>([length + 1, length - 1, length * 2, 0, -1, `${length}`, hostileValue(dice)]);
      what.push('length of an item');
    }
    lines.push(jsonText(own), payload);
  }
  if (dice.chance(0.03)) {
    lines.splice(dice.below(lines.length), 1);
    what.push('a line less');
  }
  return Buffer.from(lines.join(dice.chance(0.02) ? '\r\n' : '\n') + '\n'.repeat(dice.pick([0, 0, 1, 3])));
}
