import type { ProfileStore } from '../store/profile-store.ts';
import type { CoarserRollups, RollupScope } from '../store/rollup-store.ts';
import { addRollups } from './add-rollups.ts';
import { storable } from './roll-up.ts';
import { Summary } from './summary.ts';

/**
 * Sums up the rollups that are the parts of a longer time, for each of their scopes. Resolves to whether that was kept: not if
 * something was written meanwhile. Rejects with `NP_STORE`.
 */
export async function rollUpParts(store: ProfileStore, longer: CoarserRollups, startMicros: number): Promise<boolean> {
  const token = await longer.begin(startMicros);
  const range = { fromMicros: startMicros, toMicros: startMicros + longer.widthMicros };
  const starts = await longer.parts.ready(range);
  const summaryOf = async (scope: RollupScope) => {
    const summary = new Summary({ ...range, ...(scope !== 'everything' && scope) });
    await addRollups(longer.parts, summary, starts, 'all');
    summary.unite();
    for (const account of summary.accounts()) account.settle(range);
    return storable(store.rollups, summary, scope, longer.seriesBuckets);
  };
  const everything = await summaryOf('everything');
  const rollups = [everything];
  const scopes = await longer.scopes(starts);
  for (const scope of scopes) rollups.push(scopes.length === 1 ? { ...everything, scope } : await summaryOf(scope));
  return longer.finish(startMicros, token, rollups);
}
