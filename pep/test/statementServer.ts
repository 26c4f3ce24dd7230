// The stream of a decision service, as a test wants it: real HTTP, and whatever bytes the test sends.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '../src/config/secret.ts';
import type { DecisionEndpoint } from '../src/config/decisionEndpoint.ts';

export class StatementServer {
  /** What came, in order. */
  readonly requests: IncomingMessage[] = [];
  /** Replaces the stream. */
  answer: RequestListener | undefined;
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => {
    this.requests.push(request);
    if (this.answer === undefined) this.open(response);
    else this.answer(request, response);
  });

  /** Where it listens, from the first time on that somebody asks. */
  async endpoint(): Promise<DecisionEndpoint> {
    if (!this.#server.listening) await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return { origin: new URL(`http://127.0.0.1:${this.port}`), token: () => new Secret('the-token') };
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** One statement to everybody who listens, as the decision service writes it. */
  send(bytes: Uint8Array): void {
    const lines = Buffer.from(bytes).toString('utf8').split('\n');
    this.write(`event: authority\n${lines.map((line) => `data: ${line}\n`).join('')}\n`);
  }

  write(text: string): void {
    for (const stream of this.#streams) stream.write(text);
  }

  endStreams(): void {
    for (const stream of this.#streams) stream.end();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  /** From now on the response is a stream of statements. */
  open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }
}
