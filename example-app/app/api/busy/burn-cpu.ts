/**
 * Hot function of `/api/busy`: sieves primes for `ms` milliseconds. The work stands in its own loops, so that the
 * samples are this function's own and not those of something that it calls.
 */
export function burnCpu(ms: number): number {
  const end = performance.now() + ms;
  const size = 8_192;
  const composite = new Uint8Array(size);
  let primes = 0;
  while (performance.now() < end) {
    primes = 0;
    for (let n = 0; n < size; n++) composite[n] = 0;
    for (let n = 2; n < size; n++) {
      if (composite[n] === 1) continue;
      primes++;
      for (let multiple = n * n; multiple < size; multiple += n) composite[multiple] = 1;
    }
  }
  return primes;
}
