// What reaches a connection before it is a request: too many of them, and bytes that are no HTTP.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Refusal } from '@cardea/schemas/codes';
import { answerRefusal } from './call.ts';

export function guardConnections(server: Server, connectionsMax: number): void {
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    socket.on('close', () => {
      open -= 1;
    });
    if (open > connectionsMax)
      refuse(socket, new Refusal('overloaded', `${connectionsMax} connections are open`));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    if (duplex.writable && error.code !== 'ECONNRESET') refuse(duplex, refusalOf(error));
    else duplex.destroy();
  });
}

function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal('too_large', 'the headers are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Refusal('timed_out', 'the request did not arrive in time');
  return new Refusal('invalid_request', 'this is not an HTTP request');
}

/** Before there is a request there is no id either. */
function refuse(socket: Duplex, refusal: Refusal): void {
  const answer = answerRefusal(refusal, 'none');
  const head = [
    `HTTP/1.1 ${answer.status} Refused`,
    `content-type: ${answer.type}`,
    `content-length: ${Buffer.byteLength(answer.body)}`,
    ...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${String(answer.body)}`);
}
