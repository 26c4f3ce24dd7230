// The decision service as the proxy calls it: JSON over one pool of connections, each call with a deadline, and no more
// of them at once than both sides can bear.
import { Pool } from 'undici';
import { makeGuardedConnector, type DialPolicy } from '@cardea/dial';
import { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonValue } from '@cardea/schemas/json';
import type { DecisionEndpoint } from '../config/decisionEndpoint.ts';
import { CircuitBreaker } from './circuitBreaker.ts';
import { DecisionExchange, type WholeAnswer } from './decisionExchange.ts';

export interface ClientOptions {
  readonly endpoint: DecisionEndpoint;
  readonly dial: DialPolicy;
  readonly timeoutMs: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

/** At once; the next one is denied, since waiting in line takes as long as a deadline. */
const callsMax = 512;

/** An answer is a verdict or a list of names: more than this is none. */
const answerBytesMax = 4 * 1024 * 1024;

export class DecisionClient {
  readonly #options: ClientOptions;
  readonly #pool: Pool;
  readonly #breaker: CircuitBreaker;
  #calls = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { dial, endpoint, timeoutMs } = options;
    const { origin, socketPath } = endpoint;
    this.#pool = new Pool(origin.origin, {
      connections: callsMax,
      pipelining: 1,
      // Each question has a deadline of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
      // A path on this machine leads nowhere else.
      ...(socketPath === undefined
        ? { connect: makeGuardedConnector({ policy: dial, written: [origin], timeoutMs }) }
        : { socketPath, connect: { timeout: timeoutMs } }),
    });
    this.#breaker = new CircuitBreaker(options.now);
  }

  /** Nothing is asked of it for the moment. */
  get isResting(): boolean {
    return this.#breaker.isOpen;
  }

  /** Throws Refusal `decision_unavailable` for everything but an answer of the status 200. */
  async ask(path: string, body: string): Promise<JsonValue> {
    if (!this.#breaker.admits()) throw unavailable('the decision service has failed repeatedly');
    if (this.#calls >= callsMax) throw unavailable('too many questions are under way');
    this.#calls += 1;
    try {
      const answer = await this.#send(path, body);
      this.#breaker.note(true);
      if (answer !== refused) return answer;
    } catch (fault) {
      this.#breaker.note(false);
      throw unavailable('the decision service did not answer', fault);
    } finally {
      this.#calls -= 1;
    }
    throw unavailable('the decision service refused the question');
  }

  close(): void {
    void this.#pool.destroy();
  }

  async #send(path: string, body: string): Promise<JsonValue | typeof refused> {
    const { timeoutMs, endpoint } = this.#options;
    const exchange = new DecisionExchange({ timeoutMs, bytesMax: answerBytesMax });
    const secret = endpoint.token();
    const headers = {
      'content-type': 'application/json',
      ...(secret === undefined ? undefined : { authorization: `Bearer ${secret.reveal()}` }),
    };
    this.#pool.dispatch({ method: 'POST', path, headers, body, idempotent: false }, exchange);
    return readAnswer(await exchange.answer);
  }
}

/**
 * The service is there, and answers nothing to this question: it is too large, or one too many at once. That is no
 * failure: callers choose their questions, and none of them may keep the others from theirs.
 */
const refused = Symbol('refused');

function unavailable(message: string, cause?: unknown): Refusal {
  return new Refusal('decision_unavailable', message, { cause });
}

function readAnswer({ status, bytes }: WholeAnswer): JsonValue | typeof refused {
  if ((status >= 400 && status < 500) || status === 503) return refused;
  if (status !== 200) throw new Error(`the answer has the status ${status}`);
  return parseStrictJson(bytes, { bytesMax: answerBytesMax, nodesMax: 1_000_000 });
}
