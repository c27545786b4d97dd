/**
 * The standard error of a ratio of sums, like CPU time per request, by leaving out one slice at a time. What slices have in
 * common (a cold start, a burst) is in it, as is the error of sampling.
 *
 * @param parts of the numerator, one per slice
 * @param counts of the denominator, likewise
 * @returns `null` for fewer than two slices with a count
 */
export function jackknifeError(parts: readonly number[], counts: readonly number[]): number | null {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [part, count] = [sum(parts), sum(counts)];
  const without = counts.flatMap((own, slice) =>
    own === 0 || own === count ? [] : [(part - (parts[slice] ?? 0)) / (count - own)],
  );
  const number = without.length;
  if (number < 2) return null;
  const mean = sum(without) / number;
  return Math.sqrt(((number - 1) / number) * sum(without.map((ratio) => (ratio - mean) ** 2)));
}
