import { Profile } from 'pprof-format';
import { FieldError } from '../profile/fields.ts';
import { ImportedStacks } from './imported-stacks.ts';
import { MICROS_PER_UNIT } from './time-units.ts';
import type { WeightedSamples, WeightedThread } from './weighted-samples.ts';

/** Reads pprof's format, unpacked. Throws `FieldError`. */
export function readPprof(bytes: Uint8Array, name: string): WeightedSamples {
  const profile = decode(bytes);
  const text = (index: number | bigint): string => profile.stringTable.strings[Number(index)] ?? '';
  const columns = profile.sampleType.map(({ type, unit }, index) => ({
    index,
    type: text(type),
    scale: MICROS_PER_UNIT[text(unit)] ?? 0,
  }));
  const times = columns.filter(({ scale }) => scale > 0);
  const column = (...types: string[]) => times.find(({ type }) => types.includes(type)) ?? times[0];
  const [cpu, wall] = [column('cpu'), column('wall', 'time', 'cpu')];
  if (cpu === undefined || wall === undefined) throw new FieldError('none of its values is a time');
  const stacks = new ImportedStacks();
  const functions = new Map(
    profile.function.map((of) => [
      Number(of.id),
      { name: text(of.name) || '(anonymous)', file: text(of.filename), line: Number(of.startLine) },
    ]),
  );
  const locations = new Map(
    profile.location.map(({ id, line, address }) => {
      // Inlined functions come before those that they are inlined into.
      const frames = line.map(
        ({ functionId }) => functions.get(Number(functionId)) ?? { name: `0x${address.toString(16)}` },
      );
      const own = frames.length > 0 ? frames : [{ name: `0x${address.toString(16)}` }];
      return [Number(id), own.map((frame) => stacks.functionNumber(frame)).reverse()];
    }),
  );
  const threads = new Map<string, WeightedThread>();
  for (const { locationId, value, label } of profile.sample) {
    let node = -1;
    for (const id of [...locationId].reverse()) {
      const frames = locations.get(Number(id));
      if (frames === undefined) throw new FieldError(`a sample names location ${id}, which is not there`);
      for (const number of frames) node = stacks.node(node, number);
    }
    const named = label.find(({ key }) => ['thread', 'thread name', 'thread_name'].includes(text(key)));
    const threadName = named === undefined ? name : text(named.str);
    const thread = threads.get(threadName) ?? stacks.thread(threadName);
    threads.set(threadName, thread);
    const micros = ({ index, scale }: typeof cpu): number => Number(value[index] ?? 0) * scale;
    stacks.sample(thread, node, micros(cpu), micros(wall));
  }
  return stacks.finish(name);
}

function decode(bytes: Uint8Array): Profile {
  try {
    return Profile.decode(bytes);
  } catch (error) {
    throw new FieldError(`not a profile of pprof: ${error instanceof Error ? error.message : String(error)}`);
  }
}
