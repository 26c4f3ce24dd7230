// Bodies as they come over real connections: read whole, or left alone without taking the answer with them.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../test/until.ts';
import { dropBody } from './dropBody.ts';
import { ClientLeft, readBody } from './readBody.ts';

let server: Server;
let handle: (request: IncomingMessage, response: ServerResponse) => void;
let socket: Socket;
let heard: string;

beforeEach(async () => {
  server = createServer((request, response) => {
    handle(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  heard = '';
  socket.on('data', (bytes) => (heard += bytes.toString()));
  socket.on('error', () => undefined);
});

afterEach(async () => {
  socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const head = (length: number): string => `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n`;
const answers = (): number => heard.split('HTTP/1.1 ').length - 1;

describe('readBody', () => {
  let outcome: Promise<unknown>;

  beforeEach(() => {
    handle = (request, response) => {
      outcome = readBody(request, 10).then(
        (bytes) => bytes.toString(),
        (fault: unknown) => fault,
      );
      void outcome.then(() => response.end());
    };
  });

  it('gives the whole of it, in however many parts it comes', async () => {
    socket.write(`${head(6)}ab`);
    await once(server, 'request');
    socket.write('cd');
    socket.write('ef');
    expect(await outcome).toBe('abcdef');
  });

  it('gives nothing where there is nothing', async () => {
    socket.write(head(0));
    await once(server, 'request');
    expect(await outcome).toBe('');
  });

  it('refuses what says that it is too large, before it comes', async () => {
    socket.write(head(11));
    await once(server, 'request');
    expect(await outcome).toMatchObject({ code: 'too_large' });
  });

  it('refuses what turns out to be too large', async () => {
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n6\r\nabcdef\r\n');
    await once(server, 'request');
    socket.write('6\r\nabcdef\r\n');
    expect(await outcome).toMatchObject({ code: 'too_large' });
  });

  it('tells when the client has left', async () => {
    socket.write(`${head(6)}ab`);
    await once(server, 'request');
    socket.destroy();
    expect(await outcome).toBeInstanceOf(ClientLeft);
  });
});

describe('dropBody', () => {
  beforeEach(() => {
    handle = (request, response) => {
      response.writeHead(413, { 'content-length': 0 }).end();
      dropBody(request);
    };
  });

  it('lets the answer arrive, and the next request be read', async () => {
    socket.write(head(500_000));
    await until(() => answers() === 1);
    socket.write(`${'x'.repeat(500_000)}${head(0)}`);
    await until(() => answers() === 2);
    expect(socket.destroyed).toBe(false);
  });

  it('cuts off whoever sends on and on', async () => {
    socket.write(head(100_000_000));
    const chunk = 'x'.repeat(1_000_000);
    for (let sent = 0; sent < 20 && !socket.destroyed; sent += 1) {
      socket.write(chunk);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => socket.destroyed);
    expect(answers()).toBe(1);
  });

  it('does nothing about a body that was read', async () => {
    handle = (request, response) => {
      request.resume().on('end', () => {
        dropBody(request);
        response.end();
      });
    };
    socket.write(`${head(2)}ab`);
    await until(() => answers() === 1);
    expect(socket.destroyed).toBe(false);
  });
});
