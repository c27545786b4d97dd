/** What a store keeps at most. */
export interface Retention {
  /** How long something is kept after it came, milliseconds. */
  keepMs: number;
  /** What the data may take, bytes; the oldest goes first. */
  mostBytes: number;
}

/** A month of a busy process is about five gigabytes. */
export const DEFAULT_RETENTION: Retention = { keepMs: 30 * 86_400e3, mostBytes: 5e9 };

/** What was deleted, and given back to the disk. */
export interface Deleted {
  chunks: number;
  spans: number;
  bytes: number;
}
