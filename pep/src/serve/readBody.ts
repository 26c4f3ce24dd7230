// The body of a request, bounded while it arrives.
import type { IncomingMessage } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';

/** The client is gone: there is nobody to answer. */
export class ClientLeft extends Error {}

/** Throws Refusal `too_large` as soon as that is known, and ClientLeft. */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return Promise.reject(tooLarge(bytesMax));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(tooLarge(bytesMax));
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
    request.on('error', (cause) => {
      reject(new ClientLeft('the request ended early', { cause }));
    });
  });
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal('too_large', `the body is longer than ${bytesMax} bytes`);
}
