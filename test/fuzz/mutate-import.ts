import { Profile } from 'pprof-format';
import type { Dice } from './dice.ts';
import { jsonText } from './hostile-values.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';

/** A profile of another tool that something is wrong with, and what. */
export interface MutatedFile {
  bytes: Buffer;
  what: string[];
}

/** A file of one of the formats, changed in its contents or in its bytes. */
export function mutatedFile(file: Buffer, dice: Dice): MutatedFile {
  const what: string[] = [];
  let bytes = file[0] === 0x7b ? mutatedJson(file, dice, what) : mutatedPprof(file, dice, what);
  if (dice.chance(0.2)) {
    const [changed, how] = mutateBytes(bytes, dice);
    bytes = changed;
    what.push(how);
  }
  return { bytes, what };
}

function mutatedJson(file: Buffer, dice: Dice, what: string[]): Buffer {
  const contents = JSON.parse(file.toString());
  for (let times = 1 + dice.below(3); times > 0; times--) what.push(mutateJson(contents, dice));
  return Buffer.from(jsonText(contents));
}

const WHOLE = [0n, 1n, -1n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n, 10n ** 15n, 10n ** 18n];

function mutatedPprof(file: Buffer, dice: Dice, what: string[]): Buffer {
  const profile = Profile.decode(file);
  for (let times = 1 + dice.below(3); times > 0; times--) {
    const value = dice.pick(WHOLE);
    what.push(`${changePprof(profile, value, dice)} ${value}`);
  }
  return Buffer.from(profile.encode());
}

function changePprof(profile: Profile, value: bigint, dice: Dice): string {
  const { sample, location, function: functions, sampleType, stringTable } = profile;
  const places: [what: string, owner: object | undefined, key: string, to: unknown][] = [
    ['a weight', dice.pick(sample)?.value, `${dice.below(2)}`, value],
    ['a location of a sample', dice.pick(sample)?.locationId, '0', value],
    ['a very deep sample', dice.pick(sample), 'locationId', Array(50_000).fill(dice.pick(location)?.id)],
    ['an id of a location', dice.pick(location), 'id', value],
    ['the function of a location', dice.pick(location), 'line', []],
    ['a line', dice.pick(functions), 'startLine', value],
    ['a name', dice.pick(functions), 'name', value],
    ['a unit', dice.pick(sampleType), 'unit', value],
    ['a type', dice.pick(sampleType), 'type', value],
    ['no types', profile, 'sampleType', []],
    ['no texts', stringTable.strings, 'length', dice.below(3)],
    ['no samples', profile, 'sample', []],
  ];
  const [what, owner, key, to] = dice.pick(places);
  if (owner !== undefined) Reflect.set(owner, key, to);
  return what;
}
