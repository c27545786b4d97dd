import {
  arrayAt,
  FieldError,
  type Fields,
  finiteAt,
  indexAt,
  objectAt,
  optional,
  stringAt,
} from '../profile/fields.ts';
import { ImportedStacks } from './imported-stacks.ts';
import { MICROS_PER_UNIT } from './time-units.ts';
import type { WeightedSamples } from './weighted-samples.ts';

/** Reads speedscope's own format. Throws `FieldError`. */
export function readSpeedscope(file: Fields, name: string): WeightedSamples {
  const stacks = new ImportedStacks();
  const functions = arrayAt(objectAt(file.shared, 'shared').frames, 'shared.frames').map((item, index) => {
    const at = `shared.frames[${index}]`;
    const frame = objectAt(item, at);
    return stacks.functionNumber({
      name: stringAt(frame.name, `${at}.name`),
      file: optional(frame.file, `${at}.file`, stringAt),
      line: optional(frame.line, `${at}.line`, finiteAt),
      column: optional(frame.col, `${at}.col`, finiteAt),
    });
  });
  const functionAt = (value: unknown, path: string): number => {
    const found = functions[indexAt(value, path)];
    if (found === undefined) throw new FieldError(`${path} is ${value}, there are ${functions.length} frames`);
    return found;
  };
  for (const [index, item] of arrayAt(file.profiles, 'profiles').entries()) {
    const at = `profiles[${index}]`;
    const profile = objectAt(item, at);
    const unit = stringAt(profile.unit, `${at}.unit`);
    // What has no unit counts as microseconds.
    const scale = unit === 'none' ? 1 : MICROS_PER_UNIT[unit];
    if (scale === undefined) throw new FieldError(`${at}.unit is '${profile.unit}', which is no time`);
    const thread = stacks.thread(stringAt(profile.name, `${at}.name`));
    const add = (node: number, weight: number) => stacks.sample(thread, node, weight * scale, weight * scale);
    if (profile.type === 'sampled') readSampled(profile, at, add);
    else if (profile.type === 'evented') readEvented(profile, at, add);
    else throw new FieldError(`${at}.type must be 'sampled' or 'evented'`);
  }
  return stacks.finish(name);

  function readSampled(profile: Fields, at: string, add: (node: number, weight: number) => void): void {
    const weights = arrayAt(profile.weights, `${at}.weights`);
    for (const [index, stack] of arrayAt(profile.samples, `${at}.samples`).entries()) {
      let node = -1;
      for (const frame of arrayAt(stack, `${at}.samples[${index}]`)) {
        node = stacks.node(node, functionAt(frame, `${at}.samples[${index}][]`));
      }
      add(node, finiteAt(weights[index], `${at}.weights[${index}]`));
    }
  }

  function readEvented(profile: Fields, at: string, add: (node: number, weight: number) => void): void {
    const open: { node: number; number: number }[] = [];
    let last = finiteAt(profile.startValue, `${at}.startValue`);
    for (const [index, item] of arrayAt(profile.events, `${at}.events`).entries()) {
      const path = `${at}.events[${index}]`;
      const event = objectAt(item, path);
      const time = finiteAt(event.at, `${path}.at`);
      if (time < last) throw new FieldError(`${path}.at is before the event before it`);
      if (time > last) add(open.at(-1)?.node ?? -1, time - last);
      last = time;
      const number = functionAt(event.frame, `${path}.frame`);
      if (event.type === 'O') open.push({ node: stacks.node(open.at(-1)?.node ?? -1, number), number });
      else if (event.type !== 'C' || open.pop()?.number !== number) {
        throw new FieldError(`${path} must open a frame or close the one that was opened last`);
      }
    }
  }
}
