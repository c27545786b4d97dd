import { FieldError, objectAt } from '../profile/fields.ts';
import { readCpuProfile } from './read-cpuprofile.ts';
import { readPprof } from './read-pprof.ts';
import { readSpeedscope } from './read-speedscope.ts';
import type { WeightedSamples } from './weighted-samples.ts';

/** Reads a file of any of our formats, unpacked; its contents say which. Throws `FieldError` or `SyntaxError`. */
export function readProfile(bytes: Uint8Array, name: string): WeightedSamples {
  if (!startsAsJson(bytes)) return readPprof(bytes, name);
  const file = objectAt(JSON.parse(new TextDecoder().decode(bytes)), 'file');
  if (file.shared !== undefined && file.profiles !== undefined) return readSpeedscope(file, name);
  if (file.nodes !== undefined && file.samples !== undefined) return readCpuProfile(file, name);
  throw new FieldError('neither a profile of speedscope (shared, profiles) nor of Chrome (nodes, samples)');
}

/** After blanks and a byte order mark. A profile of pprof begins with a field's number, which is no brace. */
function startsAsJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => ![0x20, 0x0a, 0x0d, 0x09, 0xef, 0xbb, 0xbf].includes(byte));
  return first === 0x7b;
}
