/** A part of time, milliseconds since 1970. */
export interface TimeWindow {
  fromMs: number;
  toMs: number;
}
