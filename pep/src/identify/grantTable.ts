// The grants of one file, by token and by id. A token is looked up by its SHA-256: what a map's timing could tell is
// about digests, and a digest of a guess says nothing of the token that somebody else holds.
import { hash } from 'node:crypto';
import { WireRefusal, type WireGrant } from '@cardea/schemas/wire';
import type { Identity } from './identity.ts';
import { makeIdentity } from './makeIdentity.ts';

/** Longer texts are no tokens: they are not even hashed. */
const tokenCharactersMax = 4_096;

interface Entry {
  readonly tokenSha256: string;
  readonly identity: Identity;
}

export class GrantTable {
  readonly #byToken = new Map<string, Identity>();
  readonly #byId = new Map<string, Entry>();

  /**
   * What has not changed since the table before keeps its object, so that who still stands is told by that alone. Throws
   * WireRefusal for an id or a token that two grants have, and for a grant that is too large.
   */
  constructor(grants: readonly WireGrant[], before?: GrantTable) {
    const ids = new Set<string>();
    const tokens = new Set<string>();
    for (const [index, grant] of grants.entries()) {
      requireNew(ids, grant.id, `/grants/${index}/id`);
      requireNew(tokens, grant.tokenSha256, `/grants/${index}/tokenSha256`);
      const identity = readIdentity(grant, index);
      if (grant.revoked !== true)
        this.#add(grant.tokenSha256, before?.findSame(grant.tokenSha256, identity) ?? identity);
    }
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Undefined where nobody has that token, or not at this time. */
  find(token: string, nowMs: number): Identity | undefined {
    if (token.length > tokenCharactersMax) return undefined;
    const identity = this.#byToken.get(hash('sha256', token, 'hex'));
    return identity !== undefined && holdsAt(identity, nowMs) ? identity : undefined;
  }

  stands(identity: Identity, nowMs: number): boolean {
    return this.#byId.get(identity.grant.id)?.identity === identity && holdsAt(identity, nowMs);
  }

  /** When the next of them begins or ceases to hold; Infinity if that never happens. */
  nextChangeMs(nowMs: number): number {
    let next = Infinity;
    for (const { identity } of this.#byId.values()) {
      for (const atMs of [identity.grant.issuedMs, identity.grant.expiresMs]) {
        if (atMs > nowMs && atMs < next) next = atMs;
      }
    }
    return next;
  }

  /** Whether both tables let the same tokens do the same. */
  equals(other: GrantTable): boolean {
    const isKept = ({ identity }: Entry): boolean =>
      other.#byId.get(identity.grant.id)?.identity === identity;
    return this.size === other.size && [...this.#byId.values()].every(isKept);
  }

  /** The identity from here that is the same, under the same token. */
  findSame(tokenSha256: string, { grant, digest }: Identity): Identity | undefined {
    const entry = this.#byId.get(grant.id);
    return entry?.tokenSha256 === tokenSha256 && entry.identity.digest === digest
      ? entry.identity
      : undefined;
  }

  #add(tokenSha256: string, identity: Identity): void {
    this.#byToken.set(tokenSha256, identity);
    this.#byId.set(identity.grant.id, { tokenSha256, identity });
  }
}

function holdsAt({ grant }: Identity, nowMs: number): boolean {
  return grant.issuedMs <= nowMs && nowMs < grant.expiresMs;
}

function requireNew(seen: Set<string>, name: string, pointer: string): void {
  if (seen.has(name)) throw new WireRefusal(pointer, 'a grant before this one has the same');
  seen.add(name);
}

function readIdentity(grant: WireGrant, index: number): Identity {
  try {
    return makeIdentity(grant);
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    throw new WireRefusal(`/grants/${index}`, fault.message);
  }
}
