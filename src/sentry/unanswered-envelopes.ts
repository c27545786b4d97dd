import type { EnvelopeLike, SentryClient } from '../engine.ts';

interface Transport {
  send(envelope: EnvelopeLike): PromiseLike<unknown>;
}

/** Envelopes that the SDK has handed to its transport, and that nobody has answered for yet. */
export class UnansweredEnvelopes {
  readonly #client: SentryClient;
  readonly #envelopes = new Set<EnvelopeLike>();
  #processEnds = false;

  constructor(client: SentryClient) {
    this.#client = client;
    const transport = client.getTransport() as Transport | undefined;
    if (transport === undefined) return;
    const send = transport.send.bind(transport);
    transport.send = (envelope) => {
      this.#envelopes.add(envelope);
      // It would be sent by an event loop that is over.
      if (this.#processEnds) return Promise.resolve({});
      const forget = (): void => void this.#envelopes.delete(envelope);
      const answer = send(envelope);
      void Promise.resolve(answer).then(forget, forget);
      return answer;
    };
  }

  /** For a process that is ending: these, and what the SDK still held back. */
  takeAll(): EnvelopeLike[] {
    this.#processEnds = true;
    this.#client.emit('flush');
    return [...this.#envelopes];
  }
}
