// A reverse proxy that only passes on: what any proxy costs at least, and what a proxy that changes nothing looks like.
// Method, path, headers in their order and spelling, and bytes arrive as they were sent, each as soon as it is there.
// Whoever leaves on one side is gone on the other.
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PassThrough {
  /** The path is the upstream's own. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** On a free port of loopback. */
export async function startPassThrough(upstreamUrl: string): Promise<PassThrough> {
  const { hostname, port, pathname } = new URL(upstreamUrl);
  const upstream = { host: hostname, port, agent: new Agent({ keepAlive: true }) };
  const server = createServer((incoming, response) => {
    passOn(incoming, response, upstream);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    upstream.agent.destroy();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`, close };
}

interface Upstream {
  readonly host: string;
  readonly port: string;
  readonly agent: Agent;
}

function passOn(incoming: IncomingMessage, response: ServerResponse, upstream: Upstream): void {
  const { method = '', url = '' } = incoming;
  const outgoing = request({ ...upstream, method, path: url, headers: passedHeaders(incoming) });
  outgoing.on('response', (answer) => {
    // A date that the upstream has not sent is not ours to add.
    response.sendDate = false;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, passedHeaders(answer));
    // The head of an event stream does not wait for its first event.
    response.flushHeaders();
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  incoming.on('error', () => outgoing.destroy());
  response.on('close', () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  incoming.pipe(outgoing);
}

/** RFC 9110, 7.6.1. Transfer-Encoding stays: node:http frames what it sends by it. */
const ofOneHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]);

/** Names and values in turn, as rawHeaders has them. */
function passedHeaders({ rawHeaders }: IncomingMessage): string[] {
  const passed: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!ofOneHop.has(name.toLowerCase())) passed.push(name, rawHeaders[at + 1] ?? '');
  }
  return passed;
}
