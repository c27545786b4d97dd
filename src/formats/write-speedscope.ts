import { framesOf } from './stack-frames.ts';
import { type WeightedSamples, type WeightName, weightsOf } from './weighted-samples.ts';

/**
 * Speedscope's own format, one profile per thread. Neighbouring samples of one stack are one; idle ones are left out.
 * https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts
 */
export function writeSpeedscope({ name, functions, stacks, threads }: WeightedSamples, weight: WeightName): string {
  const paths = new Map<number, number[]>();
  const pathOf = (node: number): number[] => {
    const path = paths.get(node) ?? framesOf(node, stacks).reverse();
    paths.set(node, path);
    return path;
  };
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'next-profiling',
    name,
    shared: {
      frames: functions.map((of) => ({
        name: of.name,
        ...(of.file !== '' && { file: of.file }),
        ...(of.line > 0 && { line: of.line }),
        ...(of.column > 0 && { col: of.column }),
      })),
    },
    profiles: threads.map((thread) => {
      const samples: number[][] = [];
      const weights: number[] = [];
      let last = -1;
      for (const [index, node] of thread.stack.entries()) {
        const value = weightsOf(thread, weight)[index] ?? 0;
        if (node !== -1 && value > 0) {
          if (node === last) weights[weights.length - 1] = (weights.at(-1) ?? 0) + value;
          else {
            samples.push(pathOf(node));
            weights.push(value);
          }
        }
        if (value > 0 || node === -1) last = node;
      }
      const endValue = weights.reduce((sum, value) => sum + value, 0);
      return { type: 'sampled', name: thread.name, unit: 'microseconds', startValue: 0, endValue, samples, weights };
    }),
  });
}
