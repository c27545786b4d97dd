/** Hot function of the server action: counts made-up votes. Some 10 ms for 200,000. */
export function tallyVotes(choice: string, votes: number): number {
  const tally = new Map<string, number>();
  for (let vote = 0; vote < votes; vote++) {
    const ballot = `${choice}-${(vote * 7_919) % 997}`;
    tally.set(ballot, (tally.get(ballot) ?? 0) + 1);
  }
  return tally.size;
}
