// What was sent on the streams of one session, so that a client that lost one can have the rest of it.

interface StoredEvent<Message> {
  readonly streamId: string;
  readonly message: Message;
}

/** Fits the event stores of both SDK lines. Event ids count up through all streams of the session. */
export class EventStore<Message> {
  readonly #events: StoredEvent<Message>[] = [];

  storeEvent(streamId: string, message: Message): Promise<string> {
    this.#events.push({ streamId, message });
    return Promise.resolve(`event-${this.#events.length}`);
  }

  getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return Promise.resolve(this.#events[indexOf(eventId)]?.streamId);
  }

  /** Rejects for an id that it never gave. */
  async replayEventsAfter(
    lastEventId: string,
    { send }: { readonly send: (eventId: string, message: Message) => Promise<void> },
  ): Promise<string> {
    const from = indexOf(lastEventId);
    const streamId = this.#events[from]?.streamId;
    if (streamId === undefined) throw new Error(`there is no event ${lastEventId}`);
    for (const [at, event] of this.#events.entries()) {
      if (at > from && event.streamId === streamId) await send(`event-${at + 1}`, event.message);
    }
    return streamId;
  }
}

function indexOf(eventId: string): number {
  return Number(/^event-(\d+)$/.exec(eventId)?.[1] ?? 0) - 1;
}
