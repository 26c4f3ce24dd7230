// A client of HTTP that adds nothing and hides nothing: what it sends is what it was given, and what comes back is kept byte
// by byte, as it comes.
import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '../endpoint.ts';

/** What has not come by then does not come. */
export const waitMs = 1_500;

const lookMs = 5;

export interface WireRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After the path of the endpoint. */
  readonly query?: string;
}

export interface WireReply {
  /** 0 where none came. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly end: WireEnd;
}

/** Open: it did not end in time. */
export type WireEnd = 'whole' | 'broken' | 'open';

export class WireClient {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Everything until the end, or until it is too late. */
  async send(wireRequest: WireRequest): Promise<WireReply> {
    const stream = this.open(wireRequest);
    await stream.until(() => stream.end !== 'open');
    const { status, headers, text, end } = stream;
    stream.leave();
    return { status, headers, text, end };
  }

  open({ method, headers = {}, body, query = '' }: WireRequest): WireStream {
    const { url, headers: ours = {} } = this.#endpoint;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(`${url}${query}`, {
      method,
      agent: false,
      headers: { ...ours, ...headers, ...length },
    });
    const stream = new WireStream(outgoing);
    outgoing.end(body);
    return stream;
  }
}

/** An answer while it comes. */
export class WireStream implements WireReply {
  status = 0;
  headers: IncomingHttpHeaders = {};
  text = '';
  end: WireEnd = 'open';
  readonly #outgoing: ClientRequest;

  constructor(outgoing: ClientRequest) {
    this.#outgoing = outgoing;
    outgoing.on('response', (answer) => {
      this.#read(answer);
    });
    outgoing.on('error', () => (this.end = 'broken'));
  }

  /** Whether it became so in time. */
  async until(isSo: () => boolean): Promise<boolean> {
    const endMs = performance.now() + waitMs;
    while (!isSo() && performance.now() < endMs) await delay(lookMs);
    return isSo();
  }

  untilText(text: string): Promise<boolean> {
    return this.until(() => this.text.includes(text));
  }

  leave(): void {
    this.#outgoing.destroy();
  }

  #read(answer: IncomingMessage): void {
    this.status = answer.statusCode ?? 0;
    this.headers = answer.headers;
    // One character for each byte: nothing is decoded away.
    answer.setEncoding('latin1').on('data', (text: string) => (this.text += text));
    answer.on('end', () => (this.end = 'whole'));
    answer.on('error', () => (this.end = 'broken'));
  }
}
