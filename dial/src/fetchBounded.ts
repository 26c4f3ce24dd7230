// A document from somewhere: one GET over guarded connections, no redirects, bounded in bytes, time, and how many there
// are at once. Whoever answers is not trusted.
import type { LookupFunction } from 'node:net';
import type { DialPolicy } from './dialPolicy.ts';
import { refusalBehind } from './dialRefusal.ts';
import { makeGuardedFetch } from './guardedFetch.ts';

export interface FetcherOptions {
  readonly policy: DialPolicy;
  /** As the operator has written them: addresses in them are meant. */
  readonly written: readonly URL[];
  /** For one document, from the name's resolution to its last byte. */
  readonly timeoutMs: number;
  /** More of them are refused. */
  readonly atOnceMax?: number;
  readonly lookup?: LookupFunction;
}

export interface FetchOptions {
  /** Of the body, decompressed. */
  readonly bytesMax: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FetchedDocument {
  readonly status: number;
  /** Of a 200; else nothing is read. */
  readonly bytes: Uint8Array;
  readonly etag: string | undefined;
}

/** Rejects with FetchFault. A redirect is an answer like others that are no 200. */
export type FetchBounded = (url: URL, options: FetchOptions) => Promise<FetchedDocument>;

export type FetchFaultKind = 'refused' | 'too large' | 'too many' | 'unreachable';

/** `refused` is for where it leads, and its message says what would have to be allowed. */
export class FetchFault extends Error {
  readonly kind: FetchFaultKind;

  constructor(kind: FetchFaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FetchFault';
    this.kind = kind;
  }
}

const atOnceMaxDefault = 256;

export function makeFetchBounded(options: FetcherOptions): FetchBounded {
  const { timeoutMs, atOnceMax = atOnceMaxDefault } = options;
  const guardedFetch = makeGuardedFetch(options);
  let underWay = 0;
  return async (url, { bytesMax, headers = {} }) => {
    if (underWay >= atOnceMax) throw new FetchFault('too many', `${atOnceMax} documents are under way`);
    underWay += 1;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await guardedFetch(url, { headers: { ...headers }, signal });
      const { status } = response;
      const etag = response.headers.get('etag') ?? undefined;
      if (status === 200) return { status, etag, bytes: await readBody(response.body ?? [], bytesMax) };
      await response.body?.cancel();
      return { status, etag, bytes: new Uint8Array() };
    } catch (fault) {
      throw toFault(fault);
    } finally {
      underWay -= 1;
    }
  };
}

/** Counts what arrives, decompressed: a declared length is the sender's word. */
async function readBody(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  bytesMax: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    // Leaving the loop cancels the body.
    if (length > bytesMax) throw new FetchFault('too large', `it has more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function toFault(fault: unknown): FetchFault {
  if (fault instanceof FetchFault) return fault;
  const refusal = refusalBehind(fault);
  if (refusal !== undefined) return new FetchFault('refused', refusal.message, { cause: refusal });
  return new FetchFault('unreachable', describe(fault), { cause: fault });
}

/** The innermost says what happened. */
function describe(fault: unknown): string {
  const { cause } = fault as Error;
  const { code, message } = (cause instanceof Error ? cause : fault) as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : message;
}
