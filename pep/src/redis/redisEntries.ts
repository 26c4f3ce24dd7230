// Entries in Redis: bytes by key, for a time. What is longer than the reader wants is not even sent.
import type { RedisAnswer } from './redisAnswer.ts';
import type { RedisLink } from './redisLink.ts';

export class RedisEntries {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** As far as `bytesMax` goes, and one further; empty where there is none. */
  async read(key: string, bytesMax: number): Promise<RedisAnswer<Buffer>> {
    const name = this.#link.keyPrefix + key;
    const answer = await this.#link.ask((client) => client.getrangeBuffer(name, 0, bytesMax));
    // What is no Redis answers with something else.
    return answer.kind === 'failed' || Buffer.isBuffer(answer.value) ? answer : refused;
  }

  /** Resolves when it is known what became of it; nobody has to wait for that. */
  write(key: string, bytes: Buffer, lifetimeMs: number): Promise<RedisAnswer<unknown>> {
    return this.#link.ask((client) => client.set(this.#link.keyPrefix + key, bytes, 'PX', lifetimeMs));
  }
}

const refused = { kind: 'failed', why: 'refused' } as const;
