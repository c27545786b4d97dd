/** Hot function of the Pages Router route: parses and sums a made-up report. Some 10 ms for 20,000 lines. */
export function parseReport(lines: number): number {
  let total = 0;
  for (let line = 0; line < lines; line++) {
    const [, amount] = `2026-01-01;${line % 500};ok`.split(';');
    total += Number.parseInt(amount ?? '0', 10);
  }
  return total;
}
