/** Microseconds since 1970; what overlaps the range is found. */
export interface StoreRange {
  fromMicros: number;
  toMicros: number;
}

/** What of a range is wanted; `null` is of those that name none, what is absent does not narrow. */
export interface Selection extends StoreRange {
  release?: string | null;
  environment?: string | null;
  profilerId?: string;
}
