// Whether Redis keeps what it was given: one that evicts when its memory is full forgets what was used.
import { setTimeout as delay } from 'node:timers/promises';
import type { OnProblem } from '../health/problems.ts';
import type { RedisClient } from './redisClient.ts';
import type { RedisLink } from './redisLink.ts';

/** A server that took another's place is noticed after so long at most. */
const lookMs = 2_000;

export class RedisMemory {
  readonly #link: RedisLink;
  readonly #report: OnProblem;
  readonly #onLook: () => Promise<void>;
  readonly #stop = new AbortController();
  #isKept = false;
  #isDown = false;
  #looking: Promise<void>;

  /** `onLook`: whoever else has to look at what Redis holds now and then, and soon after it was away. */
  constructor(link: RedisLink, report: OnProblem, onLook: () => Promise<void>) {
    this.#link = link;
    this.#report = report;
    this.#onLook = onLook;
    this.#looking = this.#look();
  }

  /** False until Redis has said so. */
  readonly isKept = (): boolean => this.#isKept;

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#ask();
      await this.#onLook();
      await delay(this.#link.isUp ? lookMs : lookMs / 20, undefined, { signal }).catch(() => undefined);
    }
  }

  async #ask(): Promise<void> {
    const wasDown = this.#isDown;
    const answer = await this.#link.ask(readMemory);
    this.#isDown = answer.kind !== 'answered';
    this.#isKept = answer.kind === 'answered' && answer.value.every(keepsAll);
    if (!this.#isDown) this.#report('usage', this.#isKept ? undefined : evicting);
    // What passes at once is nobody's concern.
    else if (wasDown) this.#report('usage', unreachable);
  }
}

const evicting = {
  code: 'usage_evictable',
  message: 'the Redis that counts usage may drop it: verdicts that read usage are denied',
  detail: 'set maxmemory-policy to noeviction, or maxmemory to 0',
} as const;

const unreachable = {
  code: 'usage_not_counted',
  message: 'usage is not counted here: verdicts that read it are denied',
  detail: 'the Redis that counts it cannot be used',
} as const;

/** Of each node that holds a part. */
function readMemory(client: RedisClient): Promise<string[]> {
  const nodes = 'nodes' in client ? client.nodes('master') : [client];
  return Promise.all(nodes.map((node) => node.info('memory')));
}

function keepsAll(info: string): boolean {
  return /^maxmemory:0\r?$/m.test(info) || /^maxmemory_policy:noeviction\r?$/m.test(info);
}
