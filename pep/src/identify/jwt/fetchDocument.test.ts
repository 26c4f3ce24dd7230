import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { fetchDocument } from './fetchDocument.ts';

let server: Server;

function serve(listener: RequestListener): Promise<URL> {
  server = createServer(listener);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`));
    });
  });
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('is the body of a 200', async () => {
  const url = await serve((_request, response) => response.end('{}'));
  expect(Buffer.from(await fetchDocument(url, 2)).toString()).toBe('{}');
});

it.each<[string, RequestListener]>([
  ['another status', (_request, response) => response.writeHead(500).end('{}')],
  ['no content', (_request, response) => response.writeHead(204).end()],
  ['a redirect', (_request, response) => response.writeHead(302, { location: '/other' }).end()],
  ['too much', (_request, response) => response.end('x'.repeat(101))],
  ['too much without an end', (_request, response) => response.write('x'.repeat(101))],
  [
    'half of it',
    (_request, response) =>
      response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy()),
  ],
])('%s is none', async (_what, listener) => {
  let asked = 0;
  const url = await serve((request, response) => {
    asked += 1;
    listener(request, response);
  });
  await expect(fetchDocument(url, 100)).rejects.toThrow();
  expect(asked).toBe(1);
});

it('ends in time where nothing comes', async () => {
  const url = await serve(() => undefined);
  await expect(fetchDocument(url, 100)).rejects.toThrow(/timeout/);
});
