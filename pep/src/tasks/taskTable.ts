// Calls that go on as tasks after they were answered: who made each, and what was called. A task belongs to the identity
// that started it here; for everybody else, and where nobody here has seen it start, it does not exist.
import { writeJson } from '@cardea/schemas/json';
import type { Identity } from '../identify/identity.ts';
import type { Target } from '../resolve/target.ts';

export interface TaskLimits {
  readonly tasksMax: number;
  readonly tasksPerGrantMax: number;
  /** Of the arguments of all of them: they are judged again whenever the task is asked for. */
  readonly inputCharactersMax: number;
  /** From its start, whatever its server says. */
  readonly lifetimeMs: number;
}

export const taskLimitsDefault: TaskLimits = Object.freeze({
  tasksMax: 16_384,
  tasksPerGrantMax: 1_024,
  inputCharactersMax: 64 * 1024 * 1024,
  lifetimeMs: 24 * 3_600_000,
});

export interface StartedTask {
  readonly server: string;
  /** As the server named it. */
  readonly id: string;
  readonly identity: Identity;
  /** What became the task. */
  readonly call: Target;
  /** For how long the server keeps it; undefined where it does not say. */
  readonly ttlMs: number | undefined;
}

interface Entry {
  readonly key: string;
  readonly owner: string;
  readonly grant: string;
  readonly call: Target;
  readonly inputCharacters: number;
  readonly endMs: number;
}

/** Longer ids are none. */
const idCharactersMax = 512;

export class TaskTable {
  readonly #limits: TaskLimits;
  /** Wall clock, in milliseconds. */
  readonly #now: () => number;
  /** In the order in which they were started. */
  readonly #entries = new Map<string, Entry>();
  readonly #ofGrants = new Map<string, Set<Entry>>();
  #inputCharacters = 0;

  constructor(limits: TaskLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Where there is no room the oldest goes: of the same grant first. */
  keep({ server, id, identity, call, ttlMs }: StartedTask): void {
    if (id.length > idCharactersMax) return;
    const { tasksMax, tasksPerGrantMax, inputCharactersMax, lifetimeMs } = this.#limits;
    const key = keyOf(server, id);
    // A server may begin anew under a name that it has given before.
    this.#drop(this.#entries.get(key));
    const ofGrant = this.#ofGrants.get(identity.grant.id) ?? new Set();
    if (ofGrant.size >= tasksPerGrantMax) this.#drop(firstOf(ofGrant));
    const entry: Entry = {
      key,
      owner: ownerOf(identity),
      grant: identity.grant.id,
      call,
      inputCharacters: call.input === undefined ? 0 : writeJson(call.input, 'any').length,
      endMs: this.#now() + Math.min(ttlMs ?? lifetimeMs, lifetimeMs),
    };
    this.#entries.set(key, entry);
    this.#ofGrants.set(entry.grant, ofGrant.add(entry));
    this.#inputCharacters += entry.inputCharacters;
    while (this.#entries.size > tasksMax || this.#inputCharacters > inputCharactersMax) {
      this.#drop(firstOf(this.#entries.values()));
    }
  }

  /** The call that became the task. Undefined for one that does not exist, is over, or belongs to another identity. */
  find(server: string, id: string, identity: Identity): Target | undefined {
    const entry = this.#entries.get(keyOf(server, id));
    if (entry === undefined || entry.owner !== ownerOf(identity)) return undefined;
    if (this.#now() <= entry.endMs) return entry.call;
    this.#drop(entry);
    return undefined;
  }

  #drop(entry: Entry | undefined): void {
    if (entry === undefined || !this.#entries.delete(entry.key)) return;
    this.#inputCharacters -= entry.inputCharacters;
    const ofGrant = this.#ofGrants.get(entry.grant);
    ofGrant?.delete(entry);
    if (ofGrant?.size === 0) this.#ofGrants.delete(entry.grant);
  }
}

function firstOf<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}

function keyOf(server: string, id: string): string {
  return `${server} ${id}`;
}

/** The person, the agent and the grant; what they may has room to change. */
function ownerOf({ grant, person, agent }: Identity): string {
  return JSON.stringify([grant.id, person.id, agent.id]);
}
