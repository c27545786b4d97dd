import type { ProfileStore } from '../store/profile-store.ts';
import type { IngestAnswer, StatusAnswer } from './api-types.ts';
import type { EnvelopeReaders } from './envelope-readers.ts';
import type { ProblemLog } from './problem-log.ts';
import type { WireEnvelope } from './read-envelope.ts';
import { count, countIgnored, type ReadItems } from './read-items.ts';

/** What became of an envelope: `status` is the HTTP answer's. */
export interface IngestResult {
  status: 200 | 400;
  answer: IngestAnswer;
}

/** Takes envelopes into a store and counts what became of them. */
export class Ingest {
  readonly #store: ProfileStore;
  readonly #readers: EnvelopeReaders;
  readonly #problems: ProblemLog;
  readonly counters: StatusAnswer['ingest'] = {
    envelopes: 0,
    refusedEnvelopes: {},
    accepted: {},
    ignored: {},
    refused: {},
    duplicateChunks: 0,
    repairedMeasurements: 0,
    brokenAttributions: 0,
  };

  constructor(store: ProfileStore, readers: EnvelopeReaders, problems: ProblemLog) {
    this.#store = store;
    this.#readers = readers;
    this.#problems = problems;
  }

  /**
   * Stores one envelope, in one transaction. Items of a kind that we do not keep are fine; an item that is broken is
   * refused alone, and the status is 400 only if that was every item.
   * Rejects with what reading it rejects with, or `NP_STORE`; nothing was stored then.
   */
  async take(wire: WireEnvelope): Promise<IngestResult> {
    const { eventId, items, read } = await this.#readers.read(wire);
    const { chunks, spans } = read.batch;
    const written = chunks.length + spans.length > 0 ? await this.#store.write(read.batch) : undefined;
    this.#count(read, written?.duplicateChunks ?? 0);
    const refusedItems = new Set(read.refused.map(({ item }) => item));
    return {
      status: items > 0 && refusedItems.size === items && written === undefined ? 400 : 200,
      answer: {
        ...(eventId !== null && { id: eventId }),
        ...(read.refused.length > 0 && { refused: read.refused }),
      },
    };
  }

  /** Counts an envelope that never became readable, under the code of its error. */
  countFailure(code: string): void {
    count(this.counters.refusedEnvelopes, code);
  }

  #count(read: ReadItems, duplicateChunks: number): void {
    this.counters.envelopes += 1;
    for (const [type, number] of Object.entries(read.accepted)) count(this.counters.accepted, type, number);
    for (const [type, number] of Object.entries(read.ignored)) countIgnored(this.counters.ignored, type, number);
    for (const { reason } of read.refused) count(this.counters.refused, reason);
    this.counters.duplicateChunks += duplicateChunks;
    this.counters.repairedMeasurements += read.repairedMeasurements;
    this.counters.brokenAttributions += read.brokenAttributions.length;
    const [broken] = read.brokenAttributions;
    if (broken !== undefined) {
      const fallback = 'such chunks are linked to requests by time, and GET /api/v1/status counts them';
      this.#problems.note('attribution', `a chunk's next_profiling does not fit its samples: ${broken}; ${fallback}`);
    }
  }
}
