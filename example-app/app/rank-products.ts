/** Hot function of the page's nested components: scores made-up products and sorts them. Some 5 ms for 20,000. */
export function rankProducts(shelf: string, count: number): number[] {
  const scores = new Float64Array(count);
  let seed = shelf.length;
  for (let product = 0; product < count; product++) {
    let score = 0;
    for (let feature = 0; feature < 8; feature++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      score += Math.sqrt(seed % 1_000);
    }
    scores[product] = score;
  }
  return Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
}
