/** Hot function of the late component: compares every product with every other one. Some 10 ms for 220. */
export function findSimilar(products: number): number {
  const features = 64;
  const vectors = new Float64Array(products * features);
  for (let i = 0; i < vectors.length; i++) vectors[i] = Math.sin(i);
  let best = -Infinity;
  let bestProduct = 0;
  for (let a = 0; a < products; a++) {
    for (let b = 0; b < products; b++) {
      let dot = 0;
      for (let f = 0; f < features; f++) dot += (vectors[a * features + f] ?? 0) * (vectors[b * features + f] ?? 0);
      if (a !== b && dot > best) {
        best = dot;
        bestProduct = b;
      }
    }
  }
  return bestProduct;
}
