import type { Selection } from '../selection.ts';
import { conditions, type Tables } from './statements.ts';

/** What the rollups of the ClickHouse store ask of its server. */

/** What the state of a time is: how often everything was forgotten, and what was written to that time. */
const token = (tables: Tables): string =>
  `concat(toString((SELECT uniqExact(id) FROM ${tables('rollup_expiries')})), '.', toString(sum(writes)))`;

const states = (tables: Tables, where: string): string =>
  `SELECT start_us, ${token(tables)} AS token FROM ${tables('rollup_writes')} WHERE ${where} GROUP BY start_us`;

export const selectToken = (tables: Tables): string => states(tables, 'start_us = {start:Int64}');

const RANGE = 'start_us >= {from:Int64} AND start_us <= {to:Int64}';

/** Of several makings of one time, by collectors that did not know of each other, the latest. */
export const selectReady = (tables: Tables): string => `
  SELECT DISTINCT state.start_us AS start FROM (${states(tables, RANGE)}) AS state
  GLOBAL INNER JOIN (SELECT start_us, token FROM ${tables('rollup_commits')} WHERE ${RANGE}) AS made
  ON made.start_us = state.start_us AND made.token = state.token ORDER BY start`;

export const selectStale = (tables: Tables): string => `
  SELECT state.start_us AS start FROM (${states(tables, 'start_us <= {to:Int64}')}) AS state
  GLOBAL LEFT ANTI JOIN (SELECT start_us, token FROM ${tables('rollup_commits')} WHERE start_us <= {to:Int64}) AS made
  ON made.start_us = state.start_us AND made.token = state.token ORDER BY start LIMIT {limit:UInt32}`;

/** One that was ready when it was asked for may be stale by now, and is still what was asked for. */
export const selectRevisions = (tables: Tables): string => `
  SELECT made.start_us AS start, argMax(made.revision, (ifNull(made.token = state.token, 0), made.revision)) AS revision
  FROM (SELECT start_us, revision, token FROM ${tables('rollup_commits')} WHERE start_us IN {starts:Array(Int64)}) AS made
  GLOBAL LEFT JOIN (${states(tables, 'start_us IN {starts:Array(Int64)}')}) AS state ON state.start_us = made.start_us
  GROUP BY start ORDER BY start`;

/** Rows of the rollups that are asked for: everything, or what a selection narrows it down to. */
function rollupsIn(tables: Tables, table: string, { release, environment }: Selection): string {
  const narrow = release !== undefined || environment !== undefined;
  return `
    FROM ${tables(table)}
    WHERE (start_us, revision) IN {keys:Array(Tuple(Int64, UInt64))} AND everything = ${narrow ? 0 : 1}
    ${conditions({ fromMicros: 0, toMicros: 0, ...(release !== undefined && { release }), ...(environment !== undefined && { environment }) })}`;
}

export const selectScopes = (tables: Tables, selection: Selection): string => `
  SELECT groupUniqArrayArray(patterns) AS patterns, sum(not_received_us) AS notReceivedMicros,
    sum(unsampled_us) AS unsampledMicros, sum(fallback_chunks) AS fallbackChunks
  ${rollupsIn(tables, 'rollup_scopes', selection)}`;

export const selectAccounts = (tables: Tables, selection: Selection): string => `
  SELECT sums.*, of.functions AS functions FROM (
    SELECT account, sum(micros) AS micros, sum(context_micros) AS contextMicros,
      sum(whole_requests) AS wholeRequests, 
      arrayZip(sumMap(account_sums.whole_costs.1, account_sums.whole_costs.2).1,
        sumMap(account_sums.whole_costs.1, account_sums.whole_costs.2).2) AS wholeCosts,
      arrayZip(sumMap(account_sums.series.1, account_sums.series.2).1,
        sumMap(account_sums.series.1, account_sums.series.2).2) AS series
    ${rollupsIn(tables, 'account_sums', selection)} GROUP BY account
  ) AS sums
  GLOBAL LEFT JOIN (
    SELECT account, groupArray((number, self, total)) AS functions FROM (
      SELECT account, number, sum(self_us) AS self, sum(total_us) AS total
      ${rollupsIn(tables, 'function_sums', selection)} GROUP BY account, number
    ) GROUP BY account
  ) AS of ON of.account = sums.account`;

export const selectCrossing = (tables: Tables, selection: Selection): string => `
  SELECT start_us AS start, account, groupArrayArray(account_sums.crossing) AS crossing
  ${rollupsIn(tables, 'account_sums', selection)} AND notEmpty(account_sums.crossing) GROUP BY start_us, account`;

export const selectTrees = (tables: Tables, selection: Selection, accounts?: readonly string[]): string => {
  const narrow = accounts === undefined ? '' : 'AND account IN {accounts:Array(String)}';
  return `
  SELECT trees.account AS account, trees.nodes AS nodes, of.pruned AS pruned FROM (
    SELECT account, groupArray((depth, node, parent, number, cpu, wall, samples, runs)) AS nodes FROM (
      SELECT account, node, any(parent) AS parent, any(number) AS number, min(depth) AS depth, sum(self_cpu_us) AS cpu,
        sum(self_wall_us) AS wall, sum(node_sums.samples) AS samples, sum(node_sums.runs) AS runs
      ${rollupsIn(tables, 'node_sums', selection)} ${narrow} GROUP BY account, node
    ) GROUP BY account
  ) AS trees
  GLOBAL INNER JOIN (
    SELECT account, sum(account_sums.pruned) AS pruned ${rollupsIn(tables, 'account_sums', selection)} ${narrow} GROUP BY account
  ) AS of ON of.account = trees.account`;
};
