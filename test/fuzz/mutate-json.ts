import type { Dice } from './dice.ts';
import { HOSTILE_KEYS, hostileValue, type Json } from './hostile-values.ts';

type Container = Json[] | { [key: string]: Json };

/** A place within a value: `owner[key]`. */
interface Place {
  owner: Container;
  key: string;
}

/** Changes one place of a value, mostly deep within, and says how. */
export function mutateJson(root: Container, dice: Dice): string {
  const place = placeIn(root, dice);
  if (place === null) return 'nothing to change';
  const { owner, key } = place;
  const before = read(place);
  const [name, change] = dice.pick(CHANGES);
  change({ ...place, root, before, dice });
  const path = Array.isArray(owner) ? `[${key}]` : `.${key}`;
  return `${name} ${path.slice(0, 40)}`;
}

interface Change extends Place {
  root: Container;
  before: Json;
  dice: Dice;
}

const CHANGES: readonly [name: string, change: (change: Change) => void][] = [
  ['replace', ({ dice, ...place }) => write(place, hostileValue(dice))],
  ['replace', ({ dice, ...place }) => write(place, hostileValue(dice))],
  ['twist', ({ dice, before, ...place }) => write(place, twisted(before, dice))],
  ['twist', ({ dice, before, ...place }) => write(place, twisted(before, dice))],
  ['remove', (place) => remove(place)],
  [
    'rename',
    ({ dice, before, ...place }) => {
      remove(place);
      write({ owner: place.owner, key: dice.pick([...HOSTILE_KEYS, place.key.toUpperCase()]) }, before);
    },
  ],
  ['add a key beside', ({ dice, owner }) => write({ owner, key: dice.pick(HOSTILE_KEYS) }, hostileValue(dice))],
  ['wrap', ({ dice, before, ...place }) => write(place, dice.chance(0.5) ? [before] : { a: before })],
  [
    'repeat',
    ({ dice, before, owner }) => {
      if (Array.isArray(owner)) for (let times = dice.pick([1, 2, 300]); times > 0; times--) owner.push(clone(before));
    },
  ],
  ['shuffle', ({ dice, owner }) => void (Array.isArray(owner) && owner.sort(() => dice.below(3) - 1))],
  [
    'copy from elsewhere to',
    ({ dice, root, ...place }) => {
      const other = placeIn(root, dice);
      if (other !== null) write(place, clone(read(other)));
    },
  ],
];

/** The same kind of value, off by what a careless sender is off by. */
function twisted(value: Json, dice: Dice): Json {
  if (typeof value === 'number') {
    return dice.pick<Json>([
      value + 1,
      value - 1,
      -value,
      value * 1e3,
      value * 1e6,
      value / 1e3,
      value + 0.5,
      `${value}`,
    ]);
  }
  if (typeof value === 'string') {
    const others = [value.toUpperCase(), value.slice(1), value.repeat(500), `${value}\u0000`, `${value}\ud800`, ''];
    return dice.pick<Json>([...others, Number(value), [value]]);
  }
  if (Array.isArray(value))
    return dice.pick<Json>([value.slice(1), [...value].reverse(), [...value, null], { ...value }]);
  return value === null ? {} : Object.values(value as object);
}

function placeIn(root: Container, dice: Dice): Place | null {
  for (let owner = root; ; ) {
    const keys = Object.keys(owner);
    if (keys.length === 0) return null;
    const key = dice.pick(keys);
    const value = read({ owner, key });
    const isFull = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
    if (!isFull || dice.chance(0.15)) return { owner, key };
    owner = value as Container;
  }
}

const clone = (value: Json): Json => structuredClone(value);

const read = ({ owner, key }: Place): Json => Object.getOwnPropertyDescriptor(owner, key)?.value as Json;

/** Also under `__proto__`, as `JSON.parse` does. */
function write({ owner, key }: Place, value: Json): void {
  if (Array.isArray(owner)) {
    if (/^\d+$/.test(key)) owner[Number(key)] = value;
    else owner.push(value);
  } else Object.defineProperty(owner, key, { value, enumerable: true, writable: true, configurable: true });
}

function remove({ owner, key }: Place): void {
  if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else delete owner[key];
}
