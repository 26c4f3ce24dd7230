// The ids of events that the client of one session was sent, the last ones of each stream: from those, and from no
// others, it may go on. A server may keep the events of all its sessions in one place, and replay whichever it is asked for.

/** Of one stream. A client that missed more than these has missed too much to go on. */
const idsMax = 64;
/** Streams that have ended; those that are open count none. */
const endedMax = 16;
/** Longer ids are not kept, so nobody can go on from them. */
const idCharactersMax = 128;

/** What one stream has sent. */
export interface EventIds {
  readonly note: (id: string) => void;
  readonly end: () => void;
}

export class RelayedEvents {
  readonly #open = new Set<Set<string>>();
  /** The one that ended last comes last. */
  readonly #ended: Set<string>[] = [];

  /** For a stream that begins; to be ended with it. */
  begin(): EventIds {
    const ids = new Set<string>();
    this.#open.add(ids);
    return {
      note: (id) => {
        keep(ids, id);
      },
      end: () => {
        if (!this.#open.delete(ids) || ids.size === 0) return;
        this.#ended.push(ids);
        if (this.#ended.length > endedMax) this.#ended.shift();
      },
    };
  }

  has(id: string): boolean {
    return this.#ended.some((ids) => ids.has(id)) || [...this.#open].some((ids) => ids.has(id));
  }
}

function keep(ids: Set<string>, id: string): void {
  if (id === '' || id.length > idCharactersMax) return;
  ids.delete(id);
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > idsMax && oldest !== undefined) ids.delete(oldest);
}
