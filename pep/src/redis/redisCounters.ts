// Usage counted in the Redis that proxies share. One script reads and adds, so that of two proxies one comes first, by
// the clock of Redis. One that was emptied has forgotten what was used: it is not trusted until a window has passed.
import { randomUUID } from 'node:crypto';
import { firstStepOf, stepMsOf } from '../usage/slidingWindow.ts';
import { totalMax, type Addition, type Reservation, type UsageStore } from '../usage/usageStore.ts';
import type { RedisLink } from './redisLink.ts';

/** All in one slot of a cluster, for the script also looks at how old the store is. */
const slot = '{usage}';

/**
 * Steps that have left the window are dropped. Answers with the total, the step, the age of the store in milliseconds, and
 * its name: both come into being with the first call after it was emptied.
 */
const reserveScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SETNX', KEYS[2], ARGV[5] .. ' ' .. string.format('%.0f', now))
local store = redis.call('GET', KEYS[2])
local step = math.floor(now / ARGV[1])
local first = math.floor((now - ARGV[2]) / ARGV[1])
local total = tonumber(ARGV[3])
local held = redis.call('HGETALL', KEYS[1])
for at = 1, #held, 2 do
  if tonumber(held[at]) < first then redis.call('HDEL', KEYS[1], held[at])
  else total = total + tonumber(held[at + 1]) end
end
if total > tonumber(ARGV[4]) then return {'full'} end
redis.call('HINCRBY', KEYS[1], string.format('%.0f', step), ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2] + ARGV[1])
return {string.format('%.0f', total), string.format('%.0f', step), string.format('%.0f', now), store}
`;

/** A step that is gone needs nothing taken from it. */
const releaseScript = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then redis.call('HINCRBY', KEYS[1], ARGV[1], -ARGV[2]) end
return 1
`;

interface Answered {
  readonly total: number;
  readonly step: string;
  readonly nowMs: number;
  readonly store: string;
  readonly bornMs: number;
}

export class RedisCounters implements UsageStore {
  readonly #link: RedisLink;
  readonly #isTrusted: () => boolean;
  /** Which one was met first, and which later ones took its place. */
  #store: string | undefined;
  #isSuccessor = false;

  /** `isTrusted`: whether it is known that Redis drops nothing of its own accord. */
  constructor(link: RedisLink, isTrusted: () => boolean) {
    this.#link = link;
    this.#isTrusted = isTrusted;
  }

  async reserve(addition: Addition): Promise<Reservation | undefined> {
    if (!this.#isTrusted()) return undefined;
    const { key, amount, windowMs } = addition;
    const name = `${this.#link.keyPrefix}${slot}${key}`;
    const stepMs = stepMsOf(windowMs);
    const values = [stepMs, windowMs, amount, totalMax, randomUUID()];
    const answer = await this.#link.ask((client) =>
      client.eval(reserveScript, 2, name, `${this.#link.keyPrefix}${slot}`, ...values),
    );
    const answered = answer.kind === 'answered' ? readAnswer(answer.value) : undefined;
    if (answered === undefined || !isPossible(answered, addition)) return undefined;
    const release = (): void => {
      void this.#link.ask((client) => client.eval(releaseScript, 1, name, answered.step, amount));
    };
    if (this.#knows(answered, windowMs)) return { total: answered.total, release };
    release();
    return undefined;
  }

  /** The store that was there when this process began is believed: nobody could say what it should hold. */
  #knows({ store, bornMs, nowMs }: Answered, windowMs: number): boolean {
    if (this.#store !== undefined && this.#store !== store) this.#isSuccessor = true;
    this.#store = store;
    return !this.#isSuccessor || nowMs - bornMs > windowMs + stepMsOf(windowMs);
  }
}

/** Undefined for what the script does not answer. */
function readAnswer(value: unknown): Answered | undefined {
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) return undefined;
  const [total = '', step = '', now = '', store = ''] = value;
  const bornMs = /^[0-9a-f-]{36} (\d{1,15})$/.exec(store)?.[1];
  if (bornMs === undefined || ![total, step, now].every((part) => /^\d{1,16}$/.test(part))) return undefined;
  return { total: Number(total), step, nowMs: Number(now), store, bornMs: Number(bornMs) };
}

function isPossible({ total, step, nowMs }: Answered, { amount, windowMs }: Addition): boolean {
  return total >= amount && total <= totalMax && Number(step) >= firstStepOf(nowMs, windowMs);
}
