/** Hot function of `/blog/[slug]`: walks a made-up source text, character by character. Some 10 ms for 60,000. */
export function highlightCode(slug: string, length: number): string {
  const source = slug.padEnd(length, ' const answer = 42;');
  const words: string[] = [];
  let word = '';
  for (let i = 0; i < source.length; i++) {
    const character = source.charAt(i);
    if (/\w/.test(character)) {
      word += character;
    } else {
      if (word !== '') words.push(word === 'const' ? `[${word}]` : word);
      word = '';
    }
  }
  return words.join(' ');
}
