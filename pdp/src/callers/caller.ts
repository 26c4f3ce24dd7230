// Who asks, and what that entitles to. Loopback is no exemption: a caller is whoever holds a credential.
import { entityKey } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt, type JsonObject } from '@cardea/schemas/json';
import type { CallerClass, WireCaller, WireEntity } from '@cardea/schemas/wire';

export type Caller =
  | { readonly class: 'proxy'; readonly name: string; readonly servers: ReadonlySet<string> }
  | {
      readonly class: 'client';
      readonly name: string;
      /** By entity key: the properties that the operator vouches for. */
      readonly subjects: ReadonlyMap<string, JsonObject | undefined>;
    }
  | { readonly class: 'author'; readonly name: string };

export const callerClasses: readonly CallerClass[] = ['proxy', 'client', 'author'];

/** What only proxies learn and authors may suppose: a client that could state them could lift its own limits. */
const factsOfProxies = ['grant', 'approvals', 'usage'];

export function readCaller(entry: WireCaller): Caller {
  switch (entry.class) {
    case 'proxy':
      return { class: 'proxy', name: entry.name, servers: new Set(entry.servers) };
    case 'client':
      return { class: 'client', name: entry.name, subjects: new Map(entry.subjects.map(keyed)) };
    case 'author':
      return { class: 'author', name: entry.name };
  }
}

function keyed(subject: WireEntity): [string, JsonObject | undefined] {
  return [entityKey(subject), subject.properties];
}

/** Throws Refusal `not_permitted` unless the caller's class is among those. */
export function requireClass(caller: Caller, classes: readonly CallerClass[]): void {
  if (classes.includes(caller.class)) return;
  throw new Refusal(
    'not_permitted',
    `callers of the class ${caller.class} may not use this; it is for ${classes.join(', ')}`,
  );
}

/**
 * The subject, or agent, with the properties that count: a client's are those that the operator listed. Throws Refusal
 * `not_permitted` for one that is not listed, and for properties stated by a client.
 */
export function vouchFor(caller: Caller, subject: WireEntity): WireEntity {
  if (caller.class !== 'client') return subject;
  const key = entityKey(subject);
  if (!caller.subjects.has(key)) {
    throw new Refusal('not_permitted', `this client may not ask about ${quoteExcerpt(subject.id)}`);
  }
  if (subject.properties !== undefined) {
    throw new Refusal('not_permitted', 'a client may not state properties of subjects and agents');
  }
  return { type: subject.type, id: subject.id, properties: caller.subjects.get(key) };
}

/** Throws Refusal `not_permitted` where a client states facts that only proxies know. */
export function requireStatable(caller: Caller, context: JsonObject): void {
  if (caller.class !== 'client') return;
  const stated = factsOfProxies.find((family) => Object.hasOwn(context, family));
  if (stated !== undefined) throw new Refusal('not_permitted', `a client may not state ${stated}`);
}

/** Throws Refusal `not_permitted` where a proxy asks about another's server. */
export function requireServer(caller: Caller, server: string): void {
  if (caller.class !== 'proxy' || caller.servers.has(server)) return;
  throw new Refusal('not_permitted', `this proxy does not stand before ${quoteExcerpt(server)}`);
}
