// What a server of the stateless era hands out for the next round of a call (MCP 2026-07-28, Multi Round-Trip Requests), on
// its way through the client: sealed for that call of that identity, so that it comes back to the server as it was, for
// nobody else and for nothing else, or not at all.
import { Refusal } from '@cardea/schemas/codes';
import { sha256Hex } from '@cardea/schemas/digest';
import {
  canonicalBytes,
  decodeFields,
  encodeFields,
  type Field,
  type JsonObject,
  type JsonValue,
} from '@cardea/schemas/json';
import type { Identity } from '../identify/identity.ts';
import { encodeOwner } from './owner.ts';
import { Sealer } from './sealer.ts';
import type { Sealing } from './sealing.ts';

/** What a state belongs to. */
export interface StatefulCall {
  readonly server: string;
  readonly identity: Identity;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

/** Sealed it has to fit into a request. */
const stateCharactersMax = 256 * 1024;
const tags = { created: 0, state: 1 } as const;

export class RequestStates {
  readonly #sealer: Sealer;
  readonly #maxAgeMs: number;
  /** Wall clock, in milliseconds. */
  readonly #now: () => number;

  constructor({ limits, ...sealed }: Sealing, now: () => number) {
    this.#sealer = new Sealer({ ...sealed, purpose: 'state' });
    this.#maxAgeMs = limits.maxAgeMs;
    this.#now = now;
  }

  /** Throws Refusal `upstream_invalid` for one that is too large. */
  seal(state: string, call: StatefulCall): string {
    if (state.length > stateCharactersMax)
      throw new Refusal('upstream_invalid', `a requestState may have ${stateCharactersMax} characters`);
    const content = encodeFields([
      { tag: tags.created, integer: this.#now() },
      { tag: tags.state, text: state },
    ]);
    return this.#sealer.seal(content, encodeCall(call));
  }

  /** As the server gave it. Throws Refusal `unknown_state` for what it did not give for this call of this identity. */
  open(sealed: JsonValue, call: StatefulCall): string {
    const content = typeof sealed === 'string' ? this.#sealer.open(sealed, encodeCall(call)) : undefined;
    const [created, state] = content === undefined ? [] : decodeFields(content);
    const isKnown = created !== undefined && 'integer' in created && state !== undefined && 'text' in state;
    if (!isKnown || this.#now() - Number(created.integer) > this.#maxAgeMs) {
      throw new Refusal('unknown_state', 'the requestState is none that was given for this call, or too old');
    }
    return state.text;
  }
}

/** They differ from one round to the next; everything else is the call. */
const ofRounds: ReadonlySet<string> = new Set(['_meta', 'inputResponses', 'requestState']);

function encodeCall({ server, identity, method, params = {} }: StatefulCall): Field[] {
  const kept = Object.fromEntries(Object.entries(params).filter(([key]) => !ofRounds.has(key)));
  return [
    { tag: 0, text: server },
    { tag: 1, list: encodeOwner(identity) },
    { tag: 2, text: method },
    { tag: 3, text: sha256Hex(canonicalBytes(kept)) },
  ];
}
