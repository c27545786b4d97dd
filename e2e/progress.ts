/** Says what a slow step is doing, so that nobody takes it for a hang. */
export async function step<T>(what: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  process.stderr.write(`» ${what}\n`);
  const result = await run();
  process.stderr.write(`  ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
}
