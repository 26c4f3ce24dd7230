// The id of a session as its client has it: what any replica needs to know of the session, sealed for its owner at its
// server. The server's own id is in it, and goes nowhere else.
import { decodeFields, encodeFields, type Field } from '@cardea/schemas/json';
import { legacyVersions } from '../admit/era.ts';
import type { Identity } from '../identify/identity.ts';
import type { ChangingList } from '../relay/lists/listKind.ts';
import { encodeOwner } from './owner.ts';
import { Sealer, type SealerOptions } from './sealer.ts';

/** What a session is, for as long as it lasts. */
export interface SessionSeed {
  /** As the server named it. */
  readonly upstreamId: string;
  /** The revision that client and server agreed on. */
  readonly protocol: string;
  /** The lists of which its server said that it tells when they change. */
  readonly changing: ReadonlySet<ChangingList>;
  readonly createdMs: number;
}

/** Ids are visible ASCII (MCP 2025-11-25, Session Management); longer ones are none. */
const upstreamIdPattern = /^[\x21-\x7e]{1,512}$/;

/** The longest that is sealed here is shorter. */
const sealedCharactersMax = 1_024;
const sealedPattern = new RegExp(`^[A-Za-z0-9_-]{1,${sealedCharactersMax}}$`);

const lists: readonly ChangingList[] = ['tools', 'prompts', 'resources'];
const tags = { upstreamId: 0, protocol: 1, changing: 2, created: 3 } as const;

export class SealedIds {
  readonly #sealer: Sealer;

  constructor(options: Omit<SealerOptions, 'purpose'>) {
    this.#sealer = new Sealer({ ...options, purpose: 'session' });
  }

  /** Undefined where what the server gave is no id. */
  seal(seed: SessionSeed, server: string, owner: Identity): string | undefined {
    if (!upstreamIdPattern.test(seed.upstreamId)) return undefined;
    return this.#sealer.seal(encodeSeed(seed), encodeBound(server, owner));
  }

  /** Undefined for whatever is no id of this owner at this server. */
  open(id: string, server: string, owner: Identity): SessionSeed | undefined {
    if (!isSealedId(id)) return undefined;
    const content = this.#sealer.open(id, encodeBound(server, owner));
    return content === undefined ? undefined : decodeSeed(content);
  }
}

/** By its form alone. */
export function isSealedId(id: string): boolean {
  return sealedPattern.test(id);
}

function encodeBound(server: string, owner: Identity): Field[] {
  return [
    { tag: 0, text: server },
    { tag: 1, list: encodeOwner(owner) },
  ];
}

function encodeSeed({ upstreamId, protocol, changing, createdMs }: SessionSeed): Uint8Array {
  const mask = lists.reduce((bits, list, at) => (changing.has(list) ? bits | (1 << at) : bits), 0);
  return encodeFields([
    { tag: tags.upstreamId, text: upstreamId },
    { tag: tags.protocol, text: protocol },
    { tag: tags.changing, integer: mask },
    { tag: tags.created, integer: createdMs },
  ]);
}

/** It was sealed here, though perhaps by another release: what does not fit is no session. */
function decodeSeed(content: Uint8Array): SessionSeed | undefined {
  const [id, protocol, changing, created] = decodeFields(content).map((field) => {
    if ('text' in field) return field.text;
    return 'integer' in field ? field.integer : undefined;
  });
  const isFitting =
    typeof id === 'string' &&
    typeof protocol === 'string' &&
    typeof changing === 'number' &&
    typeof created === 'number';
  if (!isFitting || !upstreamIdPattern.test(id) || !legacyVersions.has(protocol)) return undefined;
  const told = lists.filter((_, at) => (changing & (1 << at)) !== 0);
  return { upstreamId: id, protocol, changing: new Set(told), createdMs: created };
}
