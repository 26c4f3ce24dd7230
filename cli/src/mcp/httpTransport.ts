// MCP over Streamable HTTP, as much of it as listing needs: every answer comes on the response to its request. The
// address is the user's, what comes back from it is not trusted: no redirect takes the headers elsewhere.
import { AddressRanges, makeGuardedFetch, refusalBehind, type GuardedFetch } from '@cardea/dial';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { Failure } from '../frame/failure.ts';
import { EventStream } from './eventStream.ts';
import { StrictTransport } from './strictTransport.ts';

const connectMs = 10_000;

/** For saying goodbye, which not every server answers. */
const closeMs = 2_000;

export interface HttpOptions {
  readonly url: URL;
  readonly headers: Headers;
  readonly signal: AbortSignal;
  /** Where its name may lead beside public addresses. */
  readonly allow?: AddressRanges;
}

type Answer = ReturnType<GuardedFetch>;

export class HttpTransport extends StrictTransport {
  readonly #options: HttpOptions;
  readonly #guardedFetch: GuardedFetch;
  #session: string | undefined;
  #protocol: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: HttpOptions) {
    super();
    this.#options = options;
    const { url, allow = new AddressRanges() } = options;
    this.#guardedFetch = makeGuardedFetch({ policy: { allow }, written: [url], timeoutMs: connectMs });
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  setProtocolVersion(version: string): void {
    this.#protocol = version;
  }

  async send(message: JSONRPCMessage): Promise<void> {
    try {
      await this.#post(message);
    } catch (error) {
      this.fault ??= error instanceof Failure ? error : this.#unreachable(error);
      throw this.fault;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #post(message: JSONRPCMessage): Promise<void> {
    const response = await this.#fetch('POST', this.#options.signal, JSON.stringify(message));
    this.#session ??= response.headers.get('mcp-session-id') ?? undefined;
    const isRequest = 'method' in message && 'id' in message;
    if (!response.ok) throw describeStatus(response, this.#options.url);
    if (!isRequest || response.body === null) {
      await response.body?.cancel();
      return;
    }
    const [type = ''] = (response.headers.get('content-type') ?? '').toLowerCase().split(';');
    if (type.trim() === 'application/json') await this.#readJson(response.body);
    else if (type.trim() === 'text/event-stream') await this.#readEvents(response.body);
    else throw new Failure('the server answers neither with JSON nor with events: is this an MCP endpoint?');
  }

  async #readJson(body: ReadableStream<Uint8Array>): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) {
      this.spend(chunk.length);
      chunks.push(chunk);
    }
    this.deliver(Buffer.concat(chunks));
  }

  /** Until the answer is there: some servers never end the stream. */
  async #readEvents(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const events = new EventStream();
    for await (const chunk of body) {
      this.spend(chunk.length);
      for (const data of events.push(decode(decoder, chunk))) {
        // An event without data only names the stream.
        if (data !== '' && this.deliver(data) === 'answer') return;
      }
    }
    throw new Failure('the server ended the stream before it had answered');
  }

  /** A session is the server's to keep or to forget: this only asks. */
  async #end(): Promise<void> {
    if (this.#session !== undefined) {
      const response = await this.#fetch('DELETE', AbortSignal.timeout(closeMs)).catch(() => undefined);
      await response?.body?.cancel().catch(() => undefined);
    }
    this.onclose?.();
  }

  #fetch(method: 'POST' | 'DELETE', signal: AbortSignal, body: string | null = null): Answer {
    const headers = new Headers(this.#options.headers);
    headers.set('accept', 'application/json, text/event-stream');
    if (body !== null) headers.set('content-type', 'application/json');
    if (this.#session !== undefined) headers.set('mcp-session-id', this.#session);
    if (this.#protocol !== undefined) headers.set('mcp-protocol-version', this.#protocol);
    return this.#guardedFetch(this.#options.url, { method, headers: [...headers], body, signal });
  }

  #unreachable(error: unknown): Failure {
    const refusal = refusalBehind(error);
    if (refusal !== undefined) return new Failure(refusal.message);
    const { cause } = error as { readonly cause?: { readonly code?: unknown } };
    const code = typeof cause?.code === 'string' ? `: ${cause.code}` : '';
    return new Failure(`cannot reach ${this.#options.url.origin}${code}`);
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new Failure('a message of the server is refused: it is not UTF-8');
  }
}

function describeStatus({ status, headers }: Awaited<Answer>, url: URL): Failure {
  if (status >= 300 && status < 400) {
    const target = URL.parse(headers.get('location') ?? '', url.href);
    const place = target === null ? '' : ` to ${target.origin}${target.pathname}`;
    return new Failure(`the server redirects${place}`, 'pull from there if that is where it should be');
  }
  if (status === 401 || status === 403) {
    return new Failure(
      `the server wants other credentials (HTTP ${status})`,
      "pass them as --header 'Authorization: Bearer TOKEN'",
    );
  }
  return new Failure(`the server answers HTTP ${status}`, 'is this an MCP endpoint?');
}
