import { gzipSync } from 'node:zlib';
import {
  Label,
  Line,
  Location,
  Function as PprofFunction,
  Profile,
  Sample,
  StringTable,
  ValueType,
} from 'pprof-format';
import { framesOf } from './stack-frames.ts';
import type { WeightedSamples } from './weighted-samples.ts';

/**
 * The format of `go tool pprof`, Pyroscope, Parca and Datadog, gzipped: samples, CPU and wall time of each stack and thread.
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export function writePprof({ startMs, functions, stacks, threads }: WeightedSamples): Uint8Array {
  const stringTable = new StringTable();
  const text = (value: string): number => stringTable.dedup(value);
  const valueType = (type: string, unit: string) => new ValueType({ type: text(type), unit: text(unit) });
  let wallMicros = 0;
  const sample = threads.flatMap((thread) => {
    const rows = new Map<number, [samples: number, cpu: number, wall: number]>();
    for (const [index, stack] of thread.stack.entries()) {
      if (stack === -1) continue;
      const row = rows.get(stack) ?? [0, 0, 0];
      rows.set(stack, row);
      row[0] += thread.samples?.[index] ?? 1;
      row[1] += thread.cpuMicros[index] ?? 0;
      row[2] += thread.wallMicros[index] ?? 0;
    }
    const label = [new Label({ key: text('thread'), str: text(thread.name) })];
    return [...rows].map(([stack, [samples, cpu, wall]]) => {
      wallMicros += wall;
      // Values are whole numbers there.
      const value = [Math.round(samples), Math.round(cpu * 1e3), Math.round(wall * 1e3)];
      return new Sample({ locationId: framesOf(stack, stacks).map((frame) => frame + 1), value, label });
    });
  });
  const profile = new Profile({
    sampleType: [valueType('samples', 'count'), valueType('cpu', 'nanoseconds'), valueType('wall', 'nanoseconds')],
    defaultSampleType: text('cpu'),
    sample,
    location: functions.map(({ line, column }, index) => {
      return new Location({ id: index + 1, line: [new Line({ functionId: index + 1, line, column })] });
    }),
    function: functions.map(({ name, file, line }, index) => {
      return new PprofFunction({
        id: index + 1,
        name: text(name),
        systemName: text(name),
        filename: text(file),
        startLine: line,
      });
    }),
    timeNanos: BigInt(Math.round(startMs * 1e3)) * 1000n,
    durationNanos: BigInt(Math.round(wallMicros)) * 1000n,
    stringTable,
  });
  return gzipSync(profile.encode());
}
