// The decision service as the proxy calls it: JSON over one pool of connections, each call with a deadline, and no more
// of them at once than both sides can bear.
import { Agent, request as sendRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as sendTlsRequest } from 'node:https';
import { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonValue } from '@cardea/schemas/json';
import type { DecisionEndpoint } from '../config/decisionEndpoint.ts';
import { CircuitBreaker } from './circuitBreaker.ts';

export interface ClientOptions {
  readonly endpoint: DecisionEndpoint;
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
  readonly #agent: Agent;
  readonly #isSecure: boolean;
  readonly #breaker: CircuitBreaker;
  #calls = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#isSecure = options.endpoint.origin.protocol === 'https:';
    const settings = { keepAlive: true, maxSockets: callsMax, scheduling: 'lifo' as const };
    this.#agent = this.#isSecure ? new TlsAgent(settings) : new Agent(settings);
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
    this.#agent.destroy();
  }

  #send(path: string, body: string): Promise<JsonValue | typeof refused> {
    const { timeoutMs } = this.#options;
    const bytes = Buffer.from(body);
    return new Promise((resolve, reject) => {
      const options = this.#describe(path, bytes.length);
      const call = this.#isSecure ? sendTlsRequest(options) : sendRequest(options);
      const timer = setTimeout(() => {
        call.destroy(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      // The deadline holds until the last byte: a service that dribbles has not answered.
      const settle = (): void => {
        clearTimeout(timer);
      };
      call.on('response', (response) => {
        readAnswer(response).then(resolve, reject).finally(settle);
      });
      call.on('error', (cause) => {
        settle();
        reject(cause);
      });
      call.end(bytes);
    });
  }

  #describe(path: string, bytes: number): RequestOptions {
    const { origin, socketPath, token } = this.#options.endpoint;
    const secret = token();
    return {
      ...(socketPath === undefined
        ? { host: origin.hostname.replace(/^\[|\]$/g, ''), port: origin.port || (this.#isSecure ? 443 : 80) }
        : { socketPath }),
      agent: this.#agent,
      method: 'POST',
      path,
      headers: {
        host: origin.host,
        'content-type': 'application/json',
        'content-length': bytes,
        ...(secret === undefined ? undefined : { authorization: `Bearer ${secret.reveal()}` }),
      },
    };
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

async function readAnswer(response: IncomingMessage): Promise<JsonValue | typeof refused> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) {
      response.destroy();
      throw new Error('the answer is too long');
    }
    chunks.push(chunk);
  }
  const status = response.statusCode ?? 0;
  if ((status >= 400 && status < 500) || status === 503) return refused;
  if (status !== 200) throw new Error(`the answer has the status ${status}`);
  return parseStrictJson(Buffer.concat(chunks), { bytesMax: answerBytesMax, nodesMax: 1_000_000 });
}
