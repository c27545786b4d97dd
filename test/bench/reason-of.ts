/** Of what went wrong, the line that tells most. */
export function reasonOf(error: unknown): string {
  const said = String((error as { stderr?: unknown }).stderr || (error instanceof Error ? error.message : error));
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /error/i.test(line)) ?? lines[0] ?? said;
}
