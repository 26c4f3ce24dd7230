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
  /** The one that ended or was asked for last comes last. */
  readonly #ended = new Set<Set<string>>();

  /** For a stream that begins; to be ended with it. */
  begin(): EventIds {
    const ids = new Set<string>();
    this.#open.add(ids);
    return {
      note: (id) => {
        keep(ids, id);
      },
      end: () => {
        if (this.#open.delete(ids) && ids.size > 0) this.#keep(ids);
      },
    };
  }

  /** Whoever asks goes on from there, and may have to do so again. */
  has(id: string): boolean {
    const ended = [...this.#ended].find((ids) => ids.has(id));
    if (ended !== undefined) this.#keep(ended);
    return ended !== undefined || [...this.#open].some((ids) => ids.has(id));
  }

  #keep(ended: Set<string>): void {
    this.#ended.delete(ended);
    this.#ended.add(ended);
    const [oldest] = this.#ended;
    if (this.#ended.size > endedMax && oldest !== undefined) this.#ended.delete(oldest);
  }
}

function keep(ids: Set<string>, id: string): void {
  if (id === '' || id.length > idCharactersMax) return;
  ids.delete(id);
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > idsMax && oldest !== undefined) ids.delete(oldest);
}
