// The rest of a body that nobody reads any more. A connection that was closed with bytes unread would take the answer
// with it; read to its end it can be used again. Whoever sends on and on is cut off.
import type { IncomingMessage } from 'node:http';

const droppedBytesMax = 4 * 1024 * 1024;
const droppingMsMax = 5_000;

export function dropBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  const timer = setTimeout(() => {
    request.destroy();
  }, droppingMsMax);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > droppedBytesMax) request.destroy();
  });
  request.on('error', () => undefined);
  request.on('close', () => {
    clearTimeout(timer);
  });
}
