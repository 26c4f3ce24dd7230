// The connection to Redis. Whoever asks has an answer or a failure within milliseconds, whatever Redis does: one that
// hangs costs those who wait at that moment, and then nobody, until it has shown that it answers again. Never throws.
import type { RedisConfig } from '../config/redisConfig.ts';
import type { OnProblem } from '../health/problems.ts';
import { describeRedisFault, isReply } from './faultText.ts';
import type { RedisAnswer, RedisFailure } from './redisAnswer.ts';
import { openClient, type RedisClient, type RedisSecrets } from './redisClient.ts';

export interface LinkOptions {
  readonly config: RedisConfig;
  /** Asked whenever a connection is made, since they may have changed. */
  readonly secrets: () => RedisSecrets;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** From 0 to 1: those who lost the same server do not all come back at once. */
  readonly random: () => number;
  readonly report: OnProblem;
}

const answerMsMax = 20;
/** At once; more than that is a server that is too slow. */
const waitingMax = 1_024;
/** After an answer that did not come; twice as long after each further one. */
const restMs = 100;
const restMsMax = 2_000;
const retryMs = 50;
const retryMsMax = 2_000;
/** What passes sooner is nobody's concern. */
const noticeMs = 1_000;

export class RedisLink {
  readonly #options: LinkOptions;
  #client: RedisClient;
  #secrets: RedisSecrets;
  #waiting = 0;
  #failures = 0;
  #restEndMs = 0;
  #fault = 'not connected yet';
  #notice: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** A server that is not there shows later. */
  constructor(options: LinkOptions) {
    this.#options = options;
    this.#secrets = options.secrets();
    this.#client = this.#open();
    this.#noteDown();
  }

  get keyPrefix(): string {
    return this.#options.config.keyPrefix;
  }

  get isUp(): boolean {
    return this.#client.status === 'ready' && this.#options.now() >= this.#restEndMs;
  }

  async ask<T>(send: (client: RedisClient) => Promise<T>): Promise<RedisAnswer<T>> {
    if (!this.isUp) return failed('unreachable');
    if (this.#waiting >= waitingMax) return failed('overloaded');
    this.#waiting += 1;
    try {
      return await this.#await(send(this.#client));
    } catch (fault) {
      return failed(isReply(fault) ? 'refused' : 'unreachable');
    } finally {
      this.#waiting -= 1;
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#notice);
    this.#client.disconnect();
  }

  #await<T>(answer: Promise<T>): Promise<RedisAnswer<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<RedisAnswer<T>>();
    let isOver = false;
    const timer = setTimeout(() => {
      // If it was this process that was busy, the answer is here and has not been read yet.
      setImmediate(() => {
        if (isOver) return;
        this.#rest();
        resolve(failed('timed_out'));
      });
    }, answerMsMax);
    const end = (): void => {
      isOver = true;
      clearTimeout(timer);
    };
    answer.then(
      (value) => {
        end();
        this.#failures = 0;
        resolve({ kind: 'answered', value });
      },
      (fault: unknown) => {
        end();
        reject(fault);
      },
    );
    return promise;
  }

  /** What it still says is not waited for: the connection ends. */
  #rest(): void {
    if (!this.isUp) return;
    this.#restEndMs = this.#options.now() + Math.min(restMs * 2 ** this.#failures, restMsMax);
    this.#failures += 1;
    this.#fault = `no answer within ${answerMsMax} ms`;
    this.#client.disconnect(true);
  }

  #open(): RedisClient {
    const { config, secrets } = this.#options;
    this.#secrets = secrets();
    const client = openClient(config, this.#secrets, (times) => this.#retry(times));
    client.on('error', (fault: unknown) => {
      this.#fault = describeRedisFault(fault);
    });
    client.on('close', () => {
      this.#noteDown();
    });
    client.on('ready', () => {
      this.#noteUp();
    });
    return client;
  }

  /** With another password, by another client. */
  #retry(times: number): number | null {
    const { password, sentinelPassword } = this.#options.secrets();
    const isSame = password === this.#secrets.password && sentinelPassword === this.#secrets.sentinelPassword;
    if (!isSame && !this.#isClosed) {
      setImmediate(() => {
        if (!this.#isClosed) this.#client = this.#open();
      });
      return null;
    }
    return Math.min(retryMs * 2 ** Math.min(times - 1, 10), retryMsMax) * (0.5 + this.#options.random() / 2);
  }

  #noteDown(): void {
    if (this.#isClosed || this.#notice !== undefined) return;
    this.#notice = setTimeout(() => {
      this.#options.report('redis', {
        code: 'redis_unreachable',
        message: 'the Redis that proxies share cannot be used',
        detail: this.#fault,
      });
    }, noticeMs).unref();
  }

  #noteUp(): void {
    clearTimeout(this.#notice);
    this.#notice = undefined;
    this.#options.report('redis', undefined);
  }
}

function failed(why: RedisFailure): { readonly kind: 'failed'; readonly why: RedisFailure } {
  return { kind: 'failed', why };
}
