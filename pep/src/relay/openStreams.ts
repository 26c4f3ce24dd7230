// The streams that are open towards clients. Changes of what an identity may see are announced on those whose clients
// listen for them, and all of an identity that no longer stands can be ended.
import type { ServerResponse } from 'node:http';
import { subscriptionKey } from '../admit/era.ts';
import type { RequestId } from '../admit/message.ts';
import { Refusal } from '@cardea/schemas/codes';
import { writeJson, type JsonObject } from '@cardea/schemas/json';
import type { ProxyLimits } from '../limits.ts';
import type { ChangingList } from './lists/listKind.ts';
import type { RelayContext } from './relayContext.ts';

export interface OpenStream {
  readonly context: RelayContext;
  /** Where its client listens its head is written, and it gets whole events only. */
  readonly response: ServerResponse;
  /** What its client listens for; undefined for the answer to a call. */
  readonly listening: Listening | undefined;
  /** Ends it at both sides. */
  readonly end: () => void;
}

export interface Listening {
  readonly changing: ReadonlySet<ChangingList>;
  /** What notifications are stamped with, in the stateless era. */
  readonly subscription: RequestId | undefined;
}

/** Of streams on which clients listen; answers to calls are as many as there are calls. */
export type OpenStreamsLimits = Pick<ProxyLimits, 'streamsMax' | 'streamsPerGrantMax'>;

/** Of one stream, towards the relay. */
export interface Registration {
  /** From now on notifications may stand on it: in the stateless era the server's acknowledgement comes first. */
  readonly begin: () => void;
  readonly leave: () => void;
}

interface Entry {
  readonly stream: OpenStream;
  /** What its client has not been told yet: it is slow, or the stream has not begun. At most one of each. */
  untold: Set<ChangingList> | undefined;
  hasBegun: boolean;
  isWaiting: boolean;
}

export class OpenStreams {
  readonly #limits: OpenStreamsLimits;
  readonly #entries = new Set<Entry>();
  readonly #listeners = new Map<string, number>();
  #listening = 0;

  constructor(limits: OpenStreamsLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Throws Refusal `overloaded` where there is no room for one more that listens. */
  register(stream: OpenStream): Registration {
    if (stream.listening !== undefined) this.#count(stream.context, 1);
    const entry: Entry = { stream, untold: undefined, hasBegun: false, isWaiting: false };
    this.#entries.add(entry);
    return {
      begin: () => {
        entry.hasBegun = true;
        tell(entry);
      },
      leave: () => {
        const wasOpen = this.#entries.delete(entry);
        if (wasOpen && stream.listening !== undefined) this.#count(stream.context, -1);
      },
    };
  }

  /** Tells the clients that listen for it that these lists have changed, or those of them whose context is concerned. */
  announce(
    lists: Iterable<ChangingList>,
    isConcerned: (context: RelayContext) => boolean = () => true,
  ): void {
    const changed = [...lists];
    for (const entry of this.#entries) {
      const { listening, context } = entry.stream;
      if (listening === undefined || !isConcerned(context)) continue;
      for (const list of changed) if (listening.changing.has(list)) (entry.untold ??= new Set()).add(list);
      tell(entry);
    }
  }

  /** Ends the streams to which this applies, answers to calls included, and says how many they were. */
  closeWhere(isToClose: (context: RelayContext) => boolean): number {
    const closing = [...this.#entries].filter(({ stream }) => isToClose(stream.context));
    for (const { stream } of closing) stream.end();
    return closing.length;
  }

  #count({ identity }: RelayContext, change: 1 | -1): void {
    const { streamsMax, streamsPerGrantMax } = this.#limits;
    const ofGrant = (this.#listeners.get(identity.grant.id) ?? 0) + change;
    if (change === 1 && (this.#listening >= streamsMax || ofGrant > streamsPerGrantMax)) {
      throw new Refusal('overloaded', 'too many streams are open on which clients listen');
    }
    this.#listening += change;
    if (ofGrant === 0) this.#listeners.delete(identity.grant.id);
    else this.#listeners.set(identity.grant.id, ofGrant);
  }
}

/** A client that does not read is told when it does: nothing but the kinds of lists waits for it. */
function tell(entry: Entry): void {
  const { response, listening } = entry.stream;
  if (!entry.hasBegun || entry.isWaiting || listening === undefined || response.writableEnded) return;
  if (response.writableNeedDrain) {
    entry.isWaiting = true;
    response.once('drain', () => {
      entry.isWaiting = false;
      tell(entry);
    });
    return;
  }
  for (const list of entry.untold ?? []) response.write(writeChange(list, listening));
  entry.untold = undefined;
}

function writeChange(list: ChangingList, { subscription }: Listening): string {
  const stamp: JsonObject =
    subscription === undefined ? {} : { params: { _meta: { [subscriptionKey]: subscription } } };
  const message = { jsonrpc: '2.0', method: `notifications/${list}/list_changed`, ...stamp };
  return `event: message\ndata: ${writeJson(message)}\n\n`;
}
