import useSWR from 'swr';
import { fetchJson } from './fetch-json.ts';

export interface Answer<T> {
  /** Also while the next one is on its way. */
  data: T | undefined;
  error: Error | undefined;
  /** Whether an answer is on its way. */
  isLoading: boolean;
  refresh(): void;
}

/**
 * What the collector answers to `GET /api/v1/<what>?<query>`.
 *
 * @param what `null`: nothing is asked for
 * @param everyMs how often it is asked again; 0: once
 */
export function useAnswer<T>(what: string | null, query = '', everyMs = 0): Answer<T> {
  const address = what === null ? null : `/api/v1/${what}${query === '' ? '' : `?${query}`}`;
  const { data, error, isValidating, mutate } = useSWR<T, Error>(address, fetchJson, {
    refreshInterval: everyMs,
    revalidateOnFocus: everyMs > 0,
    revalidateIfStale: true,
    keepPreviousData: true,
    shouldRetryOnError: everyMs > 0,
    errorRetryInterval: everyMs,
  });
  return { data, error, isLoading: isValidating, refresh: () => void mutate() };
}
