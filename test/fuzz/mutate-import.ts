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
  const { sample, location, function: functions, sampleType } = profile;
  for (let times = 1 + dice.below(3); times > 0; times--) {
    const value = dice.pick(WHOLE);
    const changes: Record<string, () => void> = {
      'a weight': () => void (dice.pick(sample).value[dice.below(2)] = value),
      'a location of a sample': () => void (dice.pick(sample).locationId[0] = value),
      'a very deep sample': () => void (dice.pick(sample).locationId = Array(50_000).fill(dice.pick(location).id)),
      'an id of a location': () => void (dice.pick(location).id = value),
      'the function of a location': () => void (dice.pick(location).line = []),
      'a line': () => void (dice.pick(functions).startLine = value),
      'a name': () => void (dice.pick(functions).name = value),
      'a unit': () => void (dice.pick(sampleType).unit = value),
      'a type': () => void (dice.pick(sampleType).type = value),
      'no types': () => void (profile.sampleType = []),
      'no texts': () => void (profile.stringTable.strings.length = dice.below(3)),
      'no samples': () => void (profile.sample = []),
    };
    const name = dice.pick(Object.keys(changes));
    changes[name]?.();
    what.push(`${name} ${value}`);
  }
  return Buffer.from(profile.encode());
}
