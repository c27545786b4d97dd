import { arrayAt, FieldError, finiteAt, idAt, objectAt, optional, spanIdAt, stringAt } from './fields.ts';
import type { AttributedSpan, ProfileChunk } from './types.ts';

/** Deeper trees of spans are taken for a mistake: everyone who walks up a chain relies on its end. */
const DEEPEST_SPAN = 1_000;

/** What belongs together: one without the other would give CPU time to the wrong request. */
const ATTRIBUTION = ['attribution', 'spans', 'sample_spans', 'sample_cpu_us', 'unsampled_cpu_us'] as const;

/**
 * Checks what `next_profiling` says about samples and spans, ids normalised in place. Anyone may have written it, so if a
 * part is wrong the whole of it is removed, the chunk's other keys stay, and the answer is what was wrong.
 *
 * @param chunk its samples as they were sent, none dropped or moved
 */
export function dropBrokenAttribution(chunk: ProfileChunk): string | undefined {
  const extension: unknown = chunk.next_profiling;
  if (typeof extension !== 'object' || extension === null) return undefined;
  const fields = extension as Record<string, unknown>;
  // As everywhere on the wire, `null` is the same as absent.
  for (const name of ATTRIBUTION) if (fields[name] === null) delete fields[name];
  try {
    checkAttribution(fields, chunk.profile.samples.length);
    return undefined;
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    for (const name of ATTRIBUTION) delete fields[name];
    return error.message;
  }
}

/**
 * Gives the arrays that are parallel to the samples the order that the samples will have.
 *
 * @param order for each sample that is kept, where it stood
 */
export function keepInStep({ next_profiling: extension }: ProfileChunk, order: readonly number[]): void {
  for (const name of ['sample_spans', 'sample_cpu_us'] as const) {
    const values = extension?.[name];
    if (extension && values !== undefined) extension[name] = order.map((index) => values[index] ?? 0);
  }
}

function checkAttribution(fields: Record<string, unknown>, sampleCount: number): void {
  const { attribution } = fields;
  if (attribution !== undefined && attribution !== 'context') {
    throw new FieldError(`attribution must be 'context' or absent, found ${JSON.stringify(attribution).slice(0, 40)}`);
  }
  const required = attribution === 'context';
  const spans = required || fields.spans !== undefined ? arrayAt(fields.spans, 'spans') : [];
  spans.forEach((span, index) => {
    checkSpan(span, `spans[${index}]`, spans.length);
  });
  const ids = new Set(spans.map((span) => spanKey(span as AttributedSpan)));
  if (ids.size < spans.length) throw new FieldError('spans must name each span once');
  checkDepth(spans as AttributedSpan[]);
  if (required || fields.sample_spans !== undefined) {
    const isSpan = (value: unknown) => isSpanIndex(value, spans.length);
    perSample(fields.sample_spans, 'sample_spans', sampleCount, isSpan, (value, path) =>
      spanIndexAt(value, path, spans.length),
    );
  }
  if (fields.unsampled_cpu_us !== undefined) cpuAt(fields.unsampled_cpu_us, 'unsampled_cpu_us');
  if (fields.sample_cpu_us !== undefined) {
    perSample(fields.sample_cpu_us, 'sample_cpu_us', sampleCount, isCpu, cpuAt);
  }
}

const spanKey = ({ trace_id, span_id }: AttributedSpan): string => trace_id + span_id;

function checkSpan(value: unknown, path: string, spanCount: number): void {
  const span = objectAt(value, path);
  span.trace_id = idAt(span.trace_id, `${path}.trace_id`);
  span.span_id = spanIdAt(span.span_id, `${path}.span_id`);
  spanIndexAt(span.parent, `${path}.parent`, spanCount);
  stringAt(span.thread_id, `${path}.thread_id`);
  cpuAt(span.cpu_us, `${path}.cpu_us`);
  for (const name of ['name', 'route']) {
    if (optional(span[name], `${path}.${name}`, stringAt) === undefined) delete span[name];
  }
}

/** Whether every chain of parents ends. Each span is visited once: a chain that is known is not walked again. */
function checkDepth(spans: readonly AttributedSpan[]): void {
  const depths = new Map<number, number>([[-1, 0]]);
  for (const [index] of spans.entries()) {
    const chain: number[] = [];
    let at = index;
    while (!depths.has(at) && chain.length <= DEEPEST_SPAN) {
      chain.push(at);
      at = spans[at]?.parent ?? -1;
    }
    const above = depths.get(at) ?? Number.POSITIVE_INFINITY;
    if (above + chain.length > DEEPEST_SPAN) {
      throw new FieldError(`spans[${index}].parent leads in a circle or over more than ${DEEPEST_SPAN} spans`);
    }
    chain.forEach((span, below) => {
      depths.set(span, above + chain.length - below);
    });
  }
}

function perSample(
  value: unknown,
  name: string,
  sampleCount: number,
  isRight: (value: unknown) => boolean,
  check: (value: unknown, at: string) => void,
): void {
  const values = arrayAt(value, name);
  if (values.length !== sampleCount) {
    throw new FieldError(`${name} must have one element per sample, found ${values.length} for ${sampleCount}`);
  }
  // There are thousands, almost always right: only what is not needs a name.
  const wrong = values.findIndex((item) => !isRight(item));
  if (wrong !== -1) check(values[wrong], `${name}[${wrong}]`);
}

const isSpanIndex = (value: unknown, spanCount: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= -1 && (value as number) < spanCount;

const isCpu = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

function spanIndexAt(value: unknown, path: string, spanCount: number): void {
  if (isSpanIndex(value, spanCount)) return;
  const found = typeof value === 'number' ? value : `a ${typeof value}`;
  throw new FieldError(`${path} must be -1 or the index of one of ${spanCount} spans, found ${found}`);
}

function cpuAt(value: unknown, path: string): void {
  if (finiteAt(value, path) < 0) throw new FieldError(`${path} must not be negative, found ${value}`);
}
