// Usage counted in the Redis that proxies share. One script reads and adds, so that of two proxies one comes first, by
// the clock of Redis. One that was emptied has forgotten what was used: it is not trusted until a window has passed, and
// whoever knew it before says so in it, for those who begin later.
import { randomUUID } from 'node:crypto';
import { firstStepOf, stepMsOf } from '../usage/slidingWindow.ts';
import { totalMax, type Addition, type Reservation, type UsageStore } from '../usage/usageStore.ts';
import type { RedisLink } from './redisLink.ts';

/** All in one slot of a cluster, for the script also looks at how old the store is. */
const slot = '{usage}';

/** Calls that gave back what they had while Redis could not be asked. */
const owedMax = 4_096;

/**
 * The name of the store and when it was born come into being with the first word after it was emptied. The last two
 * values are a name for that, and the name that is known: another one is marked as having taken its place.
 */
const meetScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SETNX', KEYS[1], ARGV[#ARGV - 1] .. ' ' .. string.format('%.0f', now))
local store = redis.call('GET', KEYS[1])
local known = ARGV[#ARGV]
if known ~= '' and string.sub(store, 1, #known) ~= known and not string.find(store, ' again', 1, true) then
  store = store .. ' again'
  redis.call('SET', KEYS[1], store)
end
`;

/** Steps that have left the window are dropped. Answers with the total, the step, the time, and what names the store. */
const reserveScript = `${meetScript}
local step = math.floor(now / ARGV[1])
local first = math.floor((now - ARGV[2]) / ARGV[1])
local total = tonumber(ARGV[3])
local held = redis.call('HGETALL', KEYS[2])
for at = 1, #held, 2 do
  if tonumber(held[at]) < first then redis.call('HDEL', KEYS[2], held[at])
  else total = total + tonumber(held[at + 1]) end
end
if total > tonumber(ARGV[4]) then return {'full'} end
redis.call('HINCRBY', KEYS[2], string.format('%.0f', step), ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[2] + ARGV[1])
return {string.format('%.0f', total), string.format('%.0f', step), string.format('%.0f', now), store}
`;

/** A step that is gone needs nothing taken from it, nor does a store that never held it. */
const releaseScript = `
local store = redis.call('GET', KEYS[1])
if store and string.sub(store, 1, #ARGV[3]) == ARGV[3] and redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then
  redis.call('HINCRBY', KEYS[2], ARGV[1], -ARGV[2])
end
return 1
`;

interface Answered {
  readonly total: number;
  readonly step: string;
  readonly nowMs: number;
  readonly store: string;
  readonly bornMs: number;
  /** Of the store: whether it took the place of another. */
  readonly isSuccessor: boolean;
}

export class RedisCounters implements UsageStore {
  readonly #link: RedisLink;
  readonly #isTrusted: () => boolean;
  /** The name of the one that was met last. */
  #store = '';
  /** What has to be said to Redis when it can be asked again. */
  readonly #owed: (() => void)[] = [];

  /** `isTrusted`: whether it is known that Redis drops nothing of its own accord. */
  constructor(link: RedisLink, isTrusted: () => boolean) {
    this.#link = link;
    this.#isTrusted = isTrusted;
  }

  async reserve(addition: Addition): Promise<Reservation | undefined> {
    if (!this.#isTrusted()) return undefined;
    this.#payBack();
    const { key, amount, windowMs } = addition;
    const stepMs = stepMsOf(windowMs);
    const values = [stepMs, windowMs, amount, totalMax, randomUUID(), this.#store];
    const answer = await this.#link.ask((client) =>
      client.eval(reserveScript, 2, this.#nameOf(''), this.#nameOf(key), ...values),
    );
    const answered = answer.kind === 'answered' ? readAnswer(answer.value) : undefined;
    if (answered === undefined) return undefined;
    this.#store = answered.store;
    if (!isPossible(answered, addition)) return undefined;
    const release = (): void => {
      this.#release(answered, addition);
    };
    if (isKnown(answered, windowMs)) return { total: answered.total, release };
    release();
    return undefined;
  }

  /** Knows the store from then on, and says in it if it is another than the one that was known. */
  async meet(): Promise<void> {
    this.#payBack();
    const values = [randomUUID(), this.#store];
    const answer = await this.#link.ask((client) =>
      client.eval(`${meetScript} return store`, 1, this.#nameOf(''), ...values),
    );
    const met = answer.kind === 'answered' ? readStore(answer.value) : undefined;
    if (met !== undefined) this.#store = met.store;
  }

  #nameOf(key: string): string {
    return `${this.#link.keyPrefix}${slot}${key}`;
  }

  /** What was sent is not sent again: given back twice, a place would be there for two. */
  #release({ step, store }: Answered, { key, amount }: Addition): void {
    const send = (): void => {
      const values = [step, amount, store];
      void this.#link.ask((client) =>
        client.eval(releaseScript, 2, this.#nameOf(''), this.#nameOf(key), ...values),
      );
    };
    if (this.#link.isUp) send();
    else if (this.#owed.length < owedMax) this.#owed.push(send);
  }

  #payBack(): void {
    if (this.#link.isUp) for (const send of this.#owed.splice(0)) send();
  }
}

/** The store that was there when the first proxy met it is believed: nobody could say what it should hold. */
function isKnown({ isSuccessor, bornMs, nowMs }: Answered, windowMs: number): boolean {
  return !isSuccessor || nowMs - bornMs > windowMs + stepMsOf(windowMs);
}

/** Undefined for what the script does not answer. */
function readAnswer(value: unknown): Answered | undefined {
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) return undefined;
  const [total = '', step = '', now = '', store = ''] = value;
  const met = readStore(store);
  if (met === undefined || ![total, step, now].every((part) => /^\d{1,16}$/.test(part))) return undefined;
  return { total: Number(total), step, nowMs: Number(now), ...met };
}

function readStore(value: unknown): Pick<Answered, 'store' | 'bornMs' | 'isSuccessor'> | undefined {
  const [, store, bornMs, mark] = /^([0-9a-f-]{36}) (\d{1,15})( again)?$/.exec(String(value)) ?? [];
  if (store === undefined) return undefined;
  return { store, bornMs: Number(bornMs), isSuccessor: mark !== undefined };
}

function isPossible({ total, step, nowMs }: Answered, { amount, windowMs }: Addition): boolean {
  return total >= amount && total <= totalMax && Number(step) >= firstStepOf(nowMs, windowMs);
}
