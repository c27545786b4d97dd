import { wrongUsage } from '../errors.ts';
import { isServer } from '../store/open-store.ts';
import { DEFAULT_RETENTION, type Retention } from '../store/retention.ts';
import { type CommandInput, DEFAULT_STORE } from './command.ts';
import { bytesOf, durationMsOf, textOf } from './option-values.ts';

/** What `--keep` and `--keep-size` say. Throws `NP_USAGE`, also where the store is a server, which is told in its address. */
export function retentionOf(values: CommandInput['values'], command: string): Retention {
  const keepMs = durationMsOf(values, 'keep', command);
  const mostBytes = bytesOf(values, 'keep-size', command);
  const given = keepMs !== undefined ? '--keep' : mostBytes !== undefined ? '--keep-size' : undefined;
  if (given !== undefined && isServer(textOf(values, 'store') ?? DEFAULT_STORE)) {
    const instead = 'a ClickHouse server is told in its address, like clickhouse://HOST/DB?retention_days=90';
    throw wrongUsage(`${given} is for a file; ${instead}`, `next-profiling ${command}`);
  }
  return { keepMs: keepMs ?? DEFAULT_RETENTION.keepMs, mostBytes: mostBytes ?? DEFAULT_RETENTION.mostBytes };
}
