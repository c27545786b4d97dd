import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Attribution } from '../attribution/attribution.ts';
import type { EventLike, SentryClient, SpanLike } from '../engine.ts';
import { ActiveSpanSlots } from './active-span.ts';
import { linkEvent, linkSpan, setCpu, type ThreadLink } from './span-links.ts';
import { describeSpan } from './span-names.ts';
import { isRootSpan, rootSlotOf, setSlot, slotOf } from './span-slot.ts';

/** Where Node says that a server has read a request's head, in the request's own async context. */
const REQUEST_READ = 'http.server.request.start';

/** What is to be told of spans. */
export interface SpanFollower {
  readonly attribution: Attribution;
  /** The running session's id, or `null`. */
  profilerId(): string | null;
  /** Called for recording root spans, before anything else. */
  rootStarted(spanId: string, span: SpanLike): void;
  /** Called for every span, with the thread that its samples are sent under. */
  ended(spanId: string, thread: ThreadLink): void;
  /** False once the client was replaced. */
  isCurrent(): boolean;
}

/** Follows a client's spans from start to end: gives them slots, links them to their profile, writes down their CPU. */
export function followSpans(client: SentryClient, follower: SpanFollower): void {
  const { attribution } = follower;
  const activeSpan =
    attribution.slots && new ActiveSpanSlots(attribution.slots, (slot) => attribution.isArriving(slot));

  const requestRead = (): void => {
    if (follower.isCurrent()) attribution.requestArrived();
    else unsubscribe(REQUEST_READ, requestRead);
  };
  subscribe(REQUEST_READ, requestRead);

  client.on('spanStart', (span: SpanLike) => {
    if (!follower.isCurrent() || !span.isRecording()) return;
    const identity = span.spanContext();
    const isRoot = isRootSpan(span);
    if (isRoot) follower.rootStarted(identity.spanId, span);
    // Not before the first span: SDK 10 sets up its context after its integrations.
    const followed = activeSpan?.follow(client);
    if (followed === false) attribution.giveUp();
    if (activeSpan && followed) {
      const slot = isRoot ? attribution.rootStarted(identity) : attribution.childStarted(identity, rootSlotOf(span));
      setSlot(span, slot);
      activeSpan.enterScopeOf(client, slot);
    }
    const profilerId = follower.profilerId();
    if (profilerId !== null) linkSpan(span, isRoot, profilerId, attribution.threadOf(slotOf(span)));
  });

  client.on('spanEnd', (span: SpanLike) => {
    const { spanId } = span.spanContext();
    const slot = slotOf(span);
    const thread = attribution.threadOf(slot);
    const cpu = slot === 0 ? null : attribution.cpuOf(spanId, slot);
    if (cpu !== null) {
      if (follower.profilerId() !== null) setCpu(span, cpu);
      // Only what was seen at work is ever named in a chunk.
      const { name, route } = cpu.totalMicros > 0 ? describeSpan(span) : {};
      attribution.ended(spanId, slot, name, route);
    }
    follower.ended(spanId, thread);
  });

  client.on('beforeSendEvent', (event: EventLike) =>
    linkEvent(event, follower.profilerId(), attribution.currentThread),
  );
}
