// Whoever owns the Redis that proxies share, and does with what is in it as they please.
import { Redis } from 'ioredis';

export class RedisOwner {
  readonly client: Redis;

  constructor(socket: string) {
    this.client = new Redis({ path: socket, protocol: 2, retryStrategy: () => 50 });
    this.client.on('error', () => undefined);
  }

  /** Of the entries that hold verdicts. */
  async keys(): Promise<string[]> {
    return (await this.client.keys('cardea:verdict:*')).sort();
  }

  async read(key: string): Promise<Buffer> {
    return (await this.client.getBuffer(key)) ?? Buffer.alloc(0);
  }

  /** Over and over, as entries come and go: each is replaced by what `change` makes of it. */
  async changeAll(change: (entry: Buffer, others: readonly Buffer[]) => Buffer): Promise<number> {
    const keys = await this.keys();
    const entries = await Promise.all(keys.map((key) => this.read(key)));
    await Promise.all(
      keys.map((key, at) =>
        this.client.set(key, change(entries[at] as Buffer, rotate(entries, at)), 'PX', 60_000),
      ),
    );
    return keys.length;
  }

  close(): void {
    this.client.disconnect();
  }
}

/** The others, beginning with the next. */
function rotate<T>(all: readonly T[], at: number): T[] {
  return [...all.slice(at + 1), ...all.slice(0, at)];
}
