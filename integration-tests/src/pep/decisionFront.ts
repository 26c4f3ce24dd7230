// Stands between proxy and decision service, counts what is asked, and can be slow, silent or lying on the way back.
import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of an answer: its text as it was, and the response to give. */
export type Distort = (text: string, response: ServerResponse) => void;

export class DecisionFront {
  /** What was asked, in its order, without the stream of statements. */
  readonly asked: { readonly path: string; readonly body: string }[] = [];
  /** Undefined leaves answers as they are. Statements always pass. */
  distort: Distort | undefined;
  readonly #server = createServer((request, response) => {
    void this.#pass(request, response);
  });
  /** Where it is: a service that comes back is at another address. */
  decisionUrl = '';

  async open(decisionUrl: string): Promise<string> {
    this.decisionUrl = decisionUrl;
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', method, headers } = request;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (method === 'POST') this.asked.push({ path: url, body });
    const call = send(new URL(url, this.decisionUrl), { method, headers });
    call.end(body);
    call.on('error', () => response.destroy());
    response.on('close', () => call.destroy());
    const [answer] = (await once(call, 'response').catch(() => [])) as [IncomingMessage | undefined];
    if (answer === undefined) return;
    if (method !== 'POST' || this.distort === undefined) {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      return;
    }
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    this.distort(text, response);
  }
}
