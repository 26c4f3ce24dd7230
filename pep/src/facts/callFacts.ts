// The facts about one call, by family. Each is made when a verdict first reads it: what nobody reads costs nothing.
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import type { Identity } from '../identify/identity.ts';
import type { Target } from '../resolve/target.ts';
import { inspectInput } from './findings/inspectInput.ts';

export interface Circumstances {
  readonly identity: Identity;
  readonly target: Target;
  /** Wall clock, in milliseconds. */
  readonly nowMs: number;
  readonly session: { readonly id: string; readonly createdMs: number; readonly usedMs: number };
  readonly address: string;
  readonly client: string;
  readonly protocol: string;
}

const noContext: JsonObject = Object.freeze(Object.create(null) as JsonObject);

/** Nothing was approved: that comes with calls that wait for people. */
const noApprovals: JsonObject = Object.freeze({ policies: [], people: [] });

export class CallFacts {
  readonly #about: Circumstances;
  readonly #made = new Map<string, JsonObject | undefined>();

  constructor(about: Circumstances) {
    this.#about = about;
  }

  get input(): JsonObject {
    return this.#about.target.input ?? noContext;
  }

  /** Undefined for a family that the proxy has no facts of. */
  family(name: string): JsonObject | undefined {
    if (this.#made.has(name)) return this.#made.get(name);
    const made = this.#make(name);
    this.#made.set(name, made);
    return made;
  }

  /** The same call with what was counted for it. */
  withUsage(usage: JsonObject): CallFacts {
    const facts = new CallFacts(this.#about);
    for (const [name, made] of this.#made) facts.#made.set(name, made);
    facts.#made.set('usage', usage);
    return facts;
  }

  /**
   * How far a path goes and what stands there. A missing key is not the same as a path that runs into a text, and
   * neither is the same as a text further down.
   */
  at(path: readonly string[]): { readonly depth: number; readonly value: JsonValue | undefined } {
    const [family = '', ...rest] = path;
    let value: JsonValue | undefined = family === 'input' ? this.input : this.family(family);
    for (const [depth, name] of rest.entries()) {
      if (!isJsonObject(value)) return { depth, value };
      value = Object.hasOwn(value, name) ? value[name] : undefined;
    }
    return { depth: rest.length, value };
  }

  #make(name: string): JsonObject | undefined {
    const { identity, target } = this.#about;
    switch (name) {
      case 'agent':
        return identity.words.agent;
      case 'grant':
        return grantAt(identity, target);
      case 'session':
        return this.#makeSession();
      case 'request':
        return this.#makeRequest();
      case 'findings':
        return inspectInput(target.input);
      case 'approvals':
        return noApprovals;
      default:
        return undefined;
    }
  }

  #makeSession(): JsonObject {
    const { nowMs, session } = this.#about;
    const ageSeconds = Math.max(0, Math.floor((nowMs - session.createdMs) / 1_000));
    const idleSeconds = Math.max(0, Math.floor((nowMs - session.usedMs) / 1_000));
    return { id: session.id, ageHours: Math.floor(ageSeconds / 3_600), ageSeconds, idleSeconds };
  }

  #makeRequest(): JsonObject {
    const { nowMs, address, client, protocol } = this.#about;
    return { time: new Date(nowMs).toISOString(), address, client, protocol };
  }
}

/** Whoever may use one tool of a server may connect to it: for actions on the server itself the grant names it. */
function grantAt({ words, grant }: Identity, { type, id }: Target): JsonObject {
  if (type !== 'Server' || grant.servers.includes(id)) return words.grant;
  if (!grant.tools.some((tool) => tool.startsWith(`${id}/`))) return words.grant;
  return { ...words.grant, servers: [...grant.servers, id] };
}
