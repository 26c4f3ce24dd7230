// The body of a request, bounded while it arrives.
import type { IncomingMessage } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import { jsonType } from './call.ts';
import { lightBytesMax } from './cost.ts';

/** The other side is gone: there is nobody to answer. */
export class RequestAborted extends Error {}

/**
 * Throws Refusal `unsupported_media_type` unless the body is declared as plain JSON in UTF-8. A body that another
 * reader would decode differently is not the one that was judged.
 */
export function requireJson(request: IncomingMessage): void {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  // Of transfer codings node undoes chunked alone: `gzip, chunked` would reach the parser as it was sent.
  const { 'transfer-encoding': transfer = 'chunked' } = request.headers;
  const isPlain = encoding === 'identity' && transfer.toLowerCase() === 'chunked';
  if (isPlain && (type === jsonType || isJsonType(type))) return;
  throw new Refusal(
    'unsupported_media_type',
    `the body has to be ${jsonType} in UTF-8, without an encoding around it`,
  );
}

function isJsonType(type: string): boolean {
  const [essence = '', ...parameters] = type.toLowerCase().split(';');
  // Trimmed first: an expression with blanks at both of its ends takes the square of their number to fail.
  const isUtf8 = parameters.every((parameter) => /^(charset\s*=\s*"?utf-8"?)?$/.test(parameter.trim()));
  return essence.trim() === jsonType && isUtf8;
}

export interface ReadOptions {
  readonly bytesMax: number;
  /** Told of the bytes of a body that is not light, as they come. Throws a Refusal of the body. */
  readonly hold: (bytes: number) => void;
}

/** Throws Refusal `too_large` as soon as that is known, what `hold` throws, and RequestAborted. */
export function readBody(request: IncomingMessage, { bytesMax, hold }: ReadOptions): Promise<Buffer> {
  const tooLarge = (): Refusal => new Refusal('too_large', `the body is longer than ${bytesMax} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let heldBytes = 0;
    let isRefused = false;
    request.on('data', (chunk: Buffer) => {
      if (isRefused) return;
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= lightBytesMax && bytes <= bytesMax) return;
      try {
        if (bytes > bytesMax) throw tooLarge();
        hold(bytes - heldBytes);
        heldBytes = bytes;
      } catch (fault) {
        isRefused = true;
        chunks.length = 0;
        reject(fault instanceof Refusal ? fault : new RequestAborted('the body could not be held'));
      }
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
    request.on('error', (cause) => {
      reject(new RequestAborted('the request ended early', { cause }));
    });
  });
}
