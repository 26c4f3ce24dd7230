// A server that speaks Streamable HTTP: pooled connections, judged bytes, a deadline for the first byte of the reply. One
// that cannot be reached, or answers nobody in time, is left alone for a while.
import { errors, Pool, type Dispatcher } from 'undici';
import { makeGuardedConnector, type DialPolicy } from '@cardea/dial';
import { Refusal } from '@cardea/schemas/codes';
import type { HttpServerConfig } from '../config/serverConfig.ts';
import { CircuitBreaker } from '../decide/circuitBreaker.ts';
import type { Upstream, UpstreamCall } from './upstream.ts';
import { UpstreamReply } from './upstreamReply.ts';

/** Calls and streams at once; those beyond them are refused, not queued. */
const callsMax = 16_384;

/** Idle connections are given up before servers do it, whose default is five seconds: a call must not meet a closing one. */
const idleMs = 4_000;

export type HttpCall = Pick<UpstreamCall, 'method' | 'headers' | 'body' | 'signal'>;

export class HttpUpstream implements Upstream {
  readonly config: HttpServerConfig;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #breaker: CircuitBreaker;
  #calls = 0;

  /** `now` is monotonic, in milliseconds. */
  constructor(config: HttpServerConfig, policy: DialPolicy, now: () => number = () => performance.now()) {
    const { upstream, timeouts } = config;
    this.#breaker = new CircuitBreaker(now);
    this.config = config;
    this.#path = upstream.pathname + upstream.search;
    this.#pool = new Pool(upstream.origin, {
      connections: null,
      pipelining: 1,
      keepAliveTimeout: idleMs,
      headersTimeout: timeouts.answerMs,
      // How long a reply may be quiet depends on what it is: the relay knows.
      bodyTimeout: 0,
      connect: makeGuardedConnector({ policy, written: [upstream], timeoutMs: timeouts.connectMs }),
    });
  }

  get host(): string {
    return this.config.upstream.host;
  }

  send({ method, headers, body, signal }: HttpCall): Promise<UpstreamReply> {
    const refusal = this.#refuse();
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#calls += 1;
    return new Promise((resolve, reject) => {
      const receiver = new Receiver({
        onReply: (reply) => {
          this.#breaker.note(true);
          resolve(reply);
        },
        onFailure: (failure) => {
          if (isOfServer(failure, method)) this.#breaker.note(false);
          reject(failure.refusal);
        },
        onEnd: () => {
          this.#calls -= 1;
        },
      });
      signal.onAbort(() => {
        receiver.leave();
      });
      const call = { method, path: this.#path, headers, body: body ?? null, idempotent: false };
      this.#pool.dispatch(call, receiver);
    });
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  #refuse(): Refusal | undefined {
    if (this.#calls >= callsMax)
      return new Refusal('overloaded', `${callsMax} calls of this server are under way`);
    if (this.#breaker.admits()) return undefined;
    return new Refusal('upstream_unavailable', 'the server keeps failing, and is left alone for a moment');
  }
}

/** Why there is no reply. */
interface Failure {
  readonly refusal: Refusal;
  /** The call was on its way. */
  readonly wasSent: boolean;
}

/** What a call can bring about by what it says does not count, nor does a stream on which a server has nothing to say. */
function isOfServer({ refusal, wasSent }: Failure, method: HttpCall['method']): boolean {
  return wasSent ? refusal.code === 'upstream_timeout' && method === 'POST' : true;
}

interface Hooks {
  readonly onReply: (reply: UpstreamReply) => void;
  readonly onFailure: (failure: Failure) => void;
  /** Nothing else comes. */
  readonly onEnd: () => void;
}

/** One call, from the connection to the last byte of its reply. */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #hooks: Hooks;
  #controller: Dispatcher.DispatchController | undefined;
  #reply: UpstreamReply | undefined;
  #hasLeft = false;
  #hasEnded = false;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  /** Once there is a reply, whoever relays it ends it. */
  leave(): void {
    this.#hasLeft = true;
    if (!this.#hasEnded && this.#reply === undefined) this.#controller?.abort(left);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#hasLeft) controller.abort(left);
  }

  onResponseStart(controller: Dispatcher.DispatchController, statusCode: number): void {
    // Of the informational ones nothing is passed on.
    if (statusCode < 200) return;
    const raw = (controller.rawHeaders ?? []) as readonly (Buffer | string)[];
    const texts = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
    // They are parts of the bytes that were read, and keep all of them.
    controller.rawHeaders = null;
    this.#reply = new UpstreamReply(statusCode, texts, controller);
    this.#hooks.onReply(this.#reply);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#reply?.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    this.#reply?.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.#end();
    const wasSent = this.#controller !== undefined;
    if (this.#reply === undefined) this.#hooks.onFailure({ refusal: toRefusal(cause), wasSent });
    else this.#reply.fail(cause);
  }

  #end(): void {
    if (!this.#hasEnded) this.#hooks.onEnd();
    this.#hasEnded = true;
  }
}

const left = new Error('whoever called has left');

function toRefusal(cause: Error): Refusal {
  return cause instanceof errors.HeadersTimeoutError
    ? new Refusal('upstream_timeout', 'the server has not answered in time', { cause })
    : new Refusal('upstream_unavailable', 'the server cannot be reached', { cause });
}
