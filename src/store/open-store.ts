import { unknownStore } from '../errors.ts';
import { readAddress } from './clickhouse/address.ts';
import { openClickHouseStore } from './clickhouse/store.ts';
import type { ProfileStore } from './profile-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** Opens (or creates) the store at an address. Rejects with `NP_OPTION`, `NP_STORE` or `NP_SQLITE`. */
export async function openStore(address: string): Promise<ProfileStore> {
  return isServer(address) ? openClickHouseStore(address) : openSqliteStore(storeFile(address));
}

/** Whether the store is a server, not a file. */
export const isServer = (address: string): boolean => /^clickhouse:/i.test(address);

/** An address for people to read: without a password. */
export const storeLocation = (address: string): string => (isServer(address) ? readAddress(address).location : address);

/** The file of a store that is one: `sqlite:FILE` or just `FILE`. Throws `NP_OPTION` for any other scheme. */
export function storeFile(address: string): string {
  // A Windows drive, `C:\…`, is one letter and no scheme.
  const [, scheme, rest] = /^([a-z][a-z0-9+]+):(.*)$/is.exec(address) ?? [];
  if (scheme === undefined) {
    if (address === '') throw unknownStore(address);
    return address;
  }
  if (scheme.toLowerCase() !== 'sqlite' || !rest) throw unknownStore(address);
  return rest.replace(/^\/\/(?=\/)/, '');
}
