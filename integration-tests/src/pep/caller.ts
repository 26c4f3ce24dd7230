// A client of the proxy that says what came of each call, and how long that took.
import { Agent, request as send, type IncomingHttpHeaders } from 'node:http';
import { describeAnswer } from './adversary/attack.ts';

export interface Outcome {
  /** `200 passed`, `503 overloaded -32603`, or `broken` with what the connection said. */
  readonly answer: string;
  readonly ms: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: 'POST' | 'GET' | 'DELETE';
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Ends the call from the client's side. */
  readonly signal?: AbortSignal;
}

export class Caller {
  readonly #url: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Never rejects. */
  call({ method = 'POST', body, headers = {}, signal }: Call): Promise<Outcome> {
    const startMs = performance.now();
    return new Promise((resolve) => {
      const end = (answer: string, got: IncomingHttpHeaders = {}, text = ''): void => {
        resolve({ answer, ms: performance.now() - startMs, headers: got, text });
      };
      const ours = {
        authorization: `Bearer ${this.#token}`,
        accept: 'application/json, text/event-stream',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const options = {
        method,
        agent: this.#agent,
        headers: { ...ours, ...headers },
        ...(signal && { signal }),
      };
      const call = send(this.#url, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', (fault: NodeJS.ErrnoException) => {
          end(`broken ${fault.code ?? fault.message}`, response.headers, text);
        });
        response.on('end', () => {
          end(describeAnswer({ status: response.statusCode ?? 0, body: text }), response.headers, text);
        });
      });
      call.on('error', (fault: NodeJS.ErrnoException) => {
        end(`broken ${fault.code ?? fault.message}`);
      });
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
