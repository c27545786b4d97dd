/** Where a span says which slot is its own: on itself, so that nothing else has to hold the span. */
const SLOT = Symbol('next-profiling.slot');
/** Where the SDK keeps a child span's root. It is set before the SDK announces the child's start. */
const ROOT_SPAN_FIELD = '_sentryRootSpan';

interface SlottedSpan {
  [SLOT]?: number;
  [ROOT_SPAN_FIELD]?: SlottedSpan;
}

export function setSlot(span: object, slot: number): void {
  (span as SlottedSpan)[SLOT] = slot;
}

/** A span's slot; its root span's if it has none, as spans that are not recorded; else 0. */
export function slotOf(span: unknown): number {
  if (span === null || typeof span !== 'object') return 0;
  return (span as SlottedSpan)[SLOT] ?? rootSlotOf(span);
}

/** The slot of a span's root span; 0 if it is the root itself or has no slot. */
export function rootSlotOf(span: object): number {
  return (span as SlottedSpan)[ROOT_SPAN_FIELD]?.[SLOT] ?? 0;
}

/** Whether a span has no local parent. */
export function isRootSpan(span: object): boolean {
  const root = (span as SlottedSpan)[ROOT_SPAN_FIELD];
  return root === undefined || root === span;
}
