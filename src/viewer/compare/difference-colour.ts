/** Orange for more and blue for less, which every kind of colour vision tells apart; the stronger, the greater the ratio. */
export function differenceColour(base: number, after: number, isDark: boolean): string {
  const larger = Math.max(base, after);
  const change = larger === 0 ? 0 : (after - base) / larger;
  const strength = Math.min(1, Math.abs(change) * 1.4);
  const neutral = isDark ? [58, 66, 76] : [226, 229, 233];
  const end = change > 0 ? (isDark ? [184, 84, 20] : [240, 148, 88]) : isDark ? [38, 104, 164] : [124, 184, 232];
  const mixed = neutral.map((from, index) => Math.round(from + ((end[index] ?? from) - from) * strength));
  return `rgb(${mixed.join(' ')})`;
}
