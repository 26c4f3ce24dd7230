// Identities from the tokens of providers. A token is verified once for each server and then known by its SHA-256, for as
// long as it holds and its key is one of its provider's.
import { hash } from 'node:crypto';
import type { Effect } from '@cardea/schemas/cedar';
import type { WireGrant } from '@cardea/schemas/wire';
import type { Found, Identities, Identity } from '../identity.ts';
import { InsufficientScope } from '../insufficientScope.ts';
import { makeIdentity } from '../makeIdentity.ts';
import { readGrant } from './claims.ts';
import { ExpiryClock } from './expiryClock.ts';
import { effectsOfAll, readScopes, scopesFor, scopesToAsk } from './scopes.ts';
import { TokenFault, type TokenFaultCode } from './tokenFault.ts';
import { tokenCharactersMax, verifyToken, type Issuer } from './verifyToken.ts';

export interface JwtIdentitiesOptions {
  /** By the name that tokens have for them. */
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
  readonly onFault: (code: TokenFaultCode) => void;
}

/** What an identity stands on. */
interface Footing {
  readonly issuer: Issuer;
  readonly thumbprint: string;
  readonly scopes: ReadonlySet<string>;
}

/** Verified tokens that are kept, times servers. */
const knownMax = 4_096;

/** How much longer than its token an answer may take that was begun before. */
export const finishMsMax = 10 * 60_000;

export class JwtIdentities implements Identities {
  readonly #options: JwtIdentitiesOptions;
  /** In the order of their last use. */
  readonly #known = new Map<string, Identity>();
  readonly #flights = new Map<string, Promise<Identity | undefined>>();
  readonly #footings = new WeakMap<Identity, Footing>();
  readonly #listeners = new Set<() => void>();
  readonly #expiries = new ExpiryClock();

  constructor(options: JwtIdentitiesOptions) {
    this.#options = options;
  }

  /** Throws Refusal: `insufficient_scope`, and `issuer_unavailable` where nobody can say whose token it is. */
  find(token: string, server: string): Found {
    // Longer texts are not even hashed.
    if (token.length > tokenCharactersMax) {
      this.#options.onFault('malformed');
      return undefined;
    }
    const key = `${server} ${hash('sha256', token, 'hex')}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#known.delete(key);
      if (this.isCurrent(known)) {
        this.#known.set(key, known);
        return this.#requireAny(known, server);
      }
    }
    return this.#share(key, token, server).then((found) => found && this.#requireAny(found, server));
  }

  isCurrent(identity: Identity): boolean {
    return this.#standsUntil(identity, identity.grant.expiresMs);
  }

  /** What was allowed while its token held may have run already: to cut its answer off would undo nothing. */
  mayFinish(identity: Identity): boolean {
    return this.#standsUntil(identity, identity.grant.expiresMs + finishMsMax);
  }

  requireScope(identity: Identity, server: string, effect: Effect): void {
    const footing = this.#footings.get(identity);
    if (footing === undefined || identity.grant.effects.includes(effect)) return;
    const scopes = scopesToAsk(footing.issuer.config, footing.scopes, { server, effect });
    // What no scope opens no other token opens: the policies say so.
    if (scopes !== undefined) throw new InsufficientScope(scopes);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be called at a regular pace, a second apart at most. Never waits. */
  poll(): void {
    if (this.#expiries.hasPassed(this.#options.now())) this.announce();
  }

  /** Somebody may not stand any more. */
  announce(): void {
    for (const [key, identity] of this.#known) if (!this.isCurrent(identity)) this.#known.delete(key);
    for (const listener of this.#listeners) listener();
  }

  #standsUntil(identity: Identity, endMs: number): boolean {
    const footing = this.#footings.get(identity);
    if (footing === undefined || this.#options.now() >= endMs) return false;
    return footing.issuer.keys.stands(footing.thumbprint);
  }

  #requireAny(identity: Identity, server: string): Identity {
    if (identity.grant.effects.length > 0) return identity;
    const { issuer } = this.#footings.get(identity) as Footing;
    throw new InsufficientScope(scopesFor(issuer.config, server));
  }

  /** One verification for all who come with the same token at once. */
  #share(key: string, token: string, server: string): Promise<Identity | undefined> {
    const flight = this.#flights.get(key);
    if (flight !== undefined) return flight;
    const begun = this.#verify(token, server)
      .then((identity) => {
        if (identity !== undefined) this.#keep(key, identity);
        return identity;
      })
      .finally(() => {
        this.#flights.delete(key);
      });
    this.#flights.set(key, begun);
    return begun;
  }

  /** Throws Refusal `issuer_unavailable`. */
  async #verify(token: string, server: string): Promise<Identity | undefined> {
    const { issuers, now } = this.#options;
    try {
      const { issuer, claims, thumbprint } = await verifyToken(token, { issuers, server, nowMs: now() });
      const grant = readGrant(claims, issuer.config, { server, nowMs: now() });
      const effects = effectsOfAll(issuer.config, server);
      const identity = identify(() => makeWhole(grant, effects));
      this.#footings.set(identity, { issuer, thumbprint, scopes: readScopes(claims) });
      return identity;
    } catch (fault) {
      if (!(fault instanceof TokenFault)) throw fault;
      this.#options.onFault(fault.code);
      return undefined;
    }
  }

  #keep(key: string, identity: Identity): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= knownMax) this.#known.delete(oldest);
    this.#known.set(key, identity);
    this.#expiries.add(identity.grant.expiresMs);
  }
}

/** With what every scope would add. */
function makeWhole(grant: WireGrant, effects: Effect[]): Identity {
  const identity = makeIdentity(grant);
  const whole = makeIdentity({ ...grant, effects });
  return whole.digest === identity.digest ? identity : { ...identity, whole };
}

/** More groups and tags than one identity may have. */
function identify(make: () => Identity): Identity {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TokenFault('claims', { cause });
  }
}
