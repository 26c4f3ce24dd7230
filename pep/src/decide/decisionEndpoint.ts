// The decision service as the proxy calls it: JSON over one pool of connections, each call with a deadline, and no more
// of them at once than both sides can bear.
import { Agent, request as sendRequest, type IncomingMessage } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonValue } from '@cardea/schemas/json';
import { CircuitBreaker } from './circuitBreaker.ts';

export interface EndpointOptions {
  /** `http://host:port`, or a path to a unix socket. */
  readonly address: { readonly url: string } | { readonly socketPath: string };
  /** Read for each call: it may be renewed. */
  readonly token: () => string;
  readonly timeoutMs: number;
  readonly callsMax: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

/** An answer is a verdict or a list of names: more than this is none. */
const answerBytesMax = 4 * 1024 * 1024;

export class DecisionEndpoint {
  readonly #options: EndpointOptions;
  readonly #agent: Agent;
  readonly #breaker: CircuitBreaker;
  #calls = 0;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: options.callsMax, scheduling: 'lifo' });
    this.#breaker = new CircuitBreaker(options.now);
  }

  /** Throws Refusal `decision_unavailable` for everything but an answer of the status 200. */
  async ask(path: string, body: string): Promise<JsonValue> {
    if (!this.#breaker.admits()) throw unavailable('the decision service has failed repeatedly');
    if (this.#calls >= this.#options.callsMax) throw unavailable('too many questions are under way');
    this.#calls += 1;
    try {
      const answer = await this.#send(path, body);
      this.#breaker.note(true);
      return answer;
    } catch (fault) {
      this.#breaker.note(false);
      throw fault instanceof Refusal ? fault : unavailable('the decision service did not answer', fault);
    } finally {
      this.#calls -= 1;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(path: string, body: string): Promise<JsonValue> {
    const { address, token, timeoutMs } = this.#options;
    const bytes = Buffer.from(body);
    return new Promise((resolve, reject) => {
      const where = 'url' in address ? addressOf(address.url) : { socketPath: address.socketPath };
      const call = sendRequest({
        ...where,
        agent: this.#agent,
        method: 'POST',
        path,
        headers: {
          'content-type': 'application/json',
          'content-length': bytes.length,
          authorization: `Bearer ${token()}`,
        },
      });
      const timer = setTimeout(() => {
        call.destroy(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      call.on('response', (response) => {
        readAnswer(response).then(resolve, reject);
      });
      call.on('error', reject);
      call.on('close', () => {
        clearTimeout(timer);
        reject(new Error('the connection ended'));
      });
      call.end(bytes);
    });
  }
}

function unavailable(message: string, cause?: unknown): Refusal {
  return new Refusal('decision_unavailable', message, { cause });
}

function addressOf(url: string): { host: string; port: string } {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port || (protocol === 'https:' ? '443' : '80') };
}

async function readAnswer(response: IncomingMessage): Promise<JsonValue> {
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
  if (response.statusCode !== 200) throw new Error(`the answer has the status ${response.statusCode ?? 0}`);
  return parseStrictJson(Buffer.concat(chunks), { bytesMax: answerBytesMax, nodesMax: 1_000_000 });
}
