// Between the proxy and a server: keeps every head and body that goes by, and changes nothing.
import { once } from 'node:events';
import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

export class Tap {
  readonly bodies: Buffer[] = [];
  readonly heads: string[] = [];
  readonly #upstream: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((request, response) => {
    this.#passOn(request, response);
  });

  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  /** Its URL, once it listens. */
  async start(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #passOn(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'POST', headers, url = '', rawHeaders } = request;
    this.heads.push([method, url, ...rawHeaders].join(' '));
    const onward = send(this.#upstream, { method, headers, agent: this.#agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      pipeline(answer, response, () => undefined);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (body.length > 0) this.bodies.push(body);
      onward.end(body);
    });
  }
}
