// An MCP server behind the proxy, as small as can be: it answers every request with what it was asked, at once or when
// the test lets it.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export class McpServer {
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  /** What answers wait for. */
  gate: Promise<unknown> = Promise.resolve();
  readonly #server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      this.requests.push({ headers: request.headers, body });
      const { id, params } = JSON.parse(body) as { id: number; params: object };
      const answer = JSON.stringify({ jsonrpc: '2.0', id, result: { content: [], params } });
      void this.gate.then(() => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
    });
  });

  /** Where it listens, from the first time on that somebody asks. */
  async url(): Promise<string> {
    if (!this.#server.listening) await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}
