'use server';

import { tallyVotes } from './tally-votes';

export async function vote(form: FormData): Promise<void> {
  const choice = form.get('choice');
  if (typeof choice !== 'string' || choice.length === 0 || choice.length > 100)
    throw new Error('choice: 1 to 100 characters');
  tallyVotes(choice, 200_000);
}
