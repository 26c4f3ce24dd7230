import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from '@jest/globals';
import { startPassThrough } from './passThrough.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startUpstream(
  listener: RequestListener,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => {
    server.close().closeAllConnections();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp` };
}

async function startInFrontOf(upstreamUrl: string): Promise<string> {
  const { url, close } = await startPassThrough(upstreamUrl);
  closing.push(close);
  return url;
}

it('passes method, path, headers and bytes on, and the answer back', async () => {
  const { url } = await startUpstream((request, response) => {
    void text(request).then((body) => {
      const { method, url: path, headers } = request;
      response.writeHead(418, 'As it is', { 'X-Answer': headers['x-question'] ?? '' });
      response.end(`${method ?? ''} ${path ?? ''} ${headers.host ?? ''} ${body}`);
    });
  });
  const proxy = await startInFrontOf(url);
  const headers = { 'x-question': 'why' };
  const response = await fetch(`${proxy}?a=%20`, { method: 'PUT', headers, body: 'ä' });
  expect(await response.text()).toBe(`PUT /mcp?a=%20 ${new URL(proxy).host} ä`);
  expect(response.status).toBe(418);
  expect(response.statusText).toBe('As it is');
  expect(response.headers.get('x-answer')).toBe('why');
});

it('answers 502 when nobody listens behind it', async () => {
  const { server, url } = await startUpstream(() => undefined);
  const proxy = await startInFrontOf(url);
  const closed = once(server, 'close');
  server.close();
  await closed;
  expect((await fetch(proxy)).status).toBe(502);
});

it('leaves the upstream when the client has left', async () => {
  const left = Promise.withResolvers<true>();
  const { url } = await startUpstream((_request, response) => {
    response.on('close', () => {
      left.resolve(true);
    });
    response.writeHead(200).write('first');
  });
  const controller = new AbortController();
  await fetch(await startInFrontOf(url), { signal: controller.signal });
  controller.abort();
  expect(await left.promise).toBe(true);
});
