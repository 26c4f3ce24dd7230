// What was sent on the streams of one session, so that a client that lost one can have the rest of it.

interface StoredEvent<Message extends object> {
  readonly streamId: string;
  readonly message: Message;
}

/** Fits the event stores of both SDK lines. Event ids count up through all streams of the session. */
export class EventStore<Message extends object> {
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
      const isDue = at > from && event.streamId === streamId && !isOpening(event.message);
      if (isDue) await send(`event-${at + 1}`, event.message);
    }
    return streamId;
  }
}

/** The first event of a stream only names it. */
function isOpening(message: object): boolean {
  return Object.keys(message).length === 0;
}

function indexOf(eventId: string): number {
  return Number(/^event-(\d+)$/.exec(eventId)?.[1] ?? 0) - 1;
}
