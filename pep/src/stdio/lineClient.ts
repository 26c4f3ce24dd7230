// A client on standard streams: its lines become requests to the proxy, one message each, and what is answered becomes
// lines. Nothing is judged here.
import { request, type Agent, type IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '@cardea/schemas/codes';
import { toOneLine } from '../act/stdio/oneLine.ts';
import { LineSplitter } from '../act/stdio/lineSplitter.ts';
import { spliceValues } from '../act/stdio/spliceValues.ts';
import { asId, memberOf, type Message, type RpcNotification } from '../admit/message.ts';
import { readMessages } from '../admit/readMessages.ts';
import { EventSplitter } from '../relay/events/eventSplitter.ts';
import { readEvent } from '../relay/events/readEvent.ts';
import { makeError, toStop } from '../serve/answers.ts';
import { makeMessageHeaders, type FindMirrored } from './messageHeaders.ts';

export interface LineClientOptions {
  /** Of the server. */
  readonly path: string;
  readonly token: string;
  readonly agent: Agent;
  readonly output: Writable;
  readonly findMirrored: FindMirrored;
  readonly limits: { readonly bodyBytesMax: number; readonly jsonDepthMax: number };
  /** The session is over, and the client cannot know. */
  readonly onLost: () => void;
}

const eventBytesMax = 16 * 1024 * 1024;
const batchMessagesMax = 32;

/** Before a stream that has broken off is opened again. */
const reopenMs = 200;

interface Session {
  readonly id: string;
  readonly protocol: string;
  readonly end: AbortController;
}

export class LineClient {
  readonly #options: LineClientOptions;
  readonly #splitter: LineSplitter;
  /** What stands for itself is taken back by its end. */
  readonly #running = new Map<string | number, AbortController>();
  readonly #underWay = new Set<Promise<void>>();
  #order: Promise<unknown> = Promise.resolve();
  #session: Session | undefined;
  #isClosed = false;

  constructor(options: LineClientOptions) {
    this.#options = options;
    this.#splitter = new LineSplitter(options.limits.bodyBytesMax, () => {
      const refusal = new Refusal(
        'too_large',
        `a message is longer than ${options.limits.bodyBytesMax} bytes`,
      );
      this.#write(Buffer.from(JSON.stringify(makeError(null, toStop(refusal)))));
    });
  }

  receive(chunk: Buffer): void {
    for (const bytes of this.#splitter.split(chunk)) {
      // The memory of the chunk is not ours.
      const line = Buffer.from(bytes);
      if (line.length > 0) this.#order = this.#order.then(() => this.#pass(line));
    }
  }

  /** Resolves when everything that was asked is answered. */
  async settle(): Promise<void> {
    await this.#order;
    await Promise.all(this.#underWay);
  }

  /** Takes back what is under way, and ends the session. */
  close(): void {
    this.#isClosed = true;
    this.#session?.end.abort();
    for (const controller of this.#running.values()) controller.abort();
  }

  /** Resolves when the next line may go: what a request leads to may come later than that. */
  #pass(line: Buffer): Promise<unknown> | undefined {
    const message = this.#read(line);
    const isLegacy = message === undefined || Object.keys(this.#headersOf(message)).length === 0;
    if (message?.kind === 'notification' && !isLegacy) {
      this.#takeBack(message);
      return undefined;
    }
    const sending = this.#send(line, message).catch(() => {
      if (!this.#isClosed) this.#options.onLost();
    });
    const entry = sending.finally(() => this.#underWay.delete(entry));
    this.#underWay.add(entry);
    const isRequest = message?.kind === 'request' && message.method !== 'initialize';
    return isRequest ? undefined : entry;
  }

  /** Undefined for what the proxy will refuse, and for an array. */
  #read(line: Buffer): Message | undefined {
    try {
      const { messages, isBatch } = readMessages(line, { ...this.#options.limits, batchMessagesMax });
      return isBatch ? undefined : messages[0];
    } catch {
      return undefined;
    }
  }

  #headersOf(message: Message): Record<string, string> {
    try {
      return makeMessageHeaders(message, this.#options.findMirrored);
    } catch {
      return {};
    }
  }

  #takeBack({ method, params }: RpcNotification): void {
    const id = method === 'notifications/cancelled' ? asId(memberOf(params, 'requestId')) : undefined;
    if (id !== undefined) this.#running.get(id)?.abort();
  }

  async #send(line: Buffer, message: Message | undefined): Promise<void> {
    const own = message === undefined ? {} : this.#headersOf(message);
    const isOpening = message?.kind === 'request' && message.method === 'initialize';
    const isOfSession = Object.keys(own).length === 0 && !isOpening;
    const controller = new AbortController();
    const id = message?.kind === 'request' ? message.id : readLooseId(line, message);
    if (id !== undefined && !isOfSession) this.#running.set(id, controller);
    try {
      const headers = { ...(isOfSession ? this.#sessionHeaders() : {}), ...own };
      const response = await this.#request('POST', { body: line, headers, signal: controller.signal });
      if (isOpening) await this.#begin(response, id);
      else await this.#relay(response, id);
      if (response.statusCode === 404 && isOfSession && this.#session !== undefined) this.#lose();
      if (message?.kind === 'notification' && message.method === 'notifications/initialized')
        void this.#listen();
    } catch (fault) {
      if (!controller.signal.aborted) throw fault;
    } finally {
      if (id !== undefined && this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  async #begin(response: IncomingMessage, id: string | number | undefined): Promise<void> {
    const session = response.headers['mcp-session-id'];
    const body = await readBody(response);
    if (typeof session === 'string') {
      const { result } = JSON.parse(body.toString('utf8')) as { result?: { protocolVersion?: string } };
      this.#session?.end.abort();
      this.#session = { id: session, protocol: result?.protocolVersion ?? '', end: new AbortController() };
    }
    this.#answer(body, id);
  }

  #sessionHeaders(): Record<string, string> {
    if (this.#session === undefined) return {};
    return { 'mcp-session-id': this.#session.id, 'mcp-protocol-version': this.#session.protocol };
  }

  /** What the server says unasked, for as long as the session lasts. */
  async #listen(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const { signal } = session.end;
    for (;;) {
      try {
        const response = await this.#request('GET', { headers: this.#sessionHeaders(), signal });
        if (response.statusCode === 404) this.#lose();
        if (response.statusCode !== 200) return;
        await this.#relay(response, undefined);
        await delay(reopenMs, undefined, { signal });
      } catch {
        if (this.#isClosed || this.#session !== session) return;
        await delay(reopenMs);
      }
    }
  }

  #lose(): void {
    if (!this.#isClosed) this.#options.onLost();
    this.#isClosed = true;
  }

  async #relay(response: IncomingMessage, id: string | number | undefined): Promise<void> {
    if (response.headers['content-type'] !== 'text/event-stream') {
      const body = await readBody(response);
      if (body.length > 0) this.#answer(body, id);
      return;
    }
    const splitter = new EventSplitter(eventBytesMax);
    for await (const chunk of response) {
      for (const event of splitter.split(chunk as Buffer)) {
        const { data } = readEvent(event);
        if (data !== undefined && !this.#write(data)) await this.#drained();
      }
    }
  }

  /** Of a message that could not be read the id is not known; here it is. */
  #answer(body: Buffer, id: string | number | undefined): void {
    const isAbout = id !== undefined && body.includes('"id":null');
    this.#write(isAbout ? spliceValues(body, [{ path: ['id'], text: JSON.stringify(id) }]) : body);
  }

  #write(message: Buffer): boolean {
    return this.#options.output.write(Buffer.concat([toOneLine(message), lineFeed]));
  }

  async #drained(): Promise<void> {
    const { output } = this.#options;
    if (output.writableNeedDrain) await new Promise((resolve) => output.once('drain', resolve));
  }

  #request(
    method: 'POST' | 'GET',
    { body, headers, signal }: { body?: Buffer; headers: Record<string, string>; signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const { path, token, agent } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const given = {
      host: 'localhost',
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/event-stream',
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(body.length) }),
      ...headers,
    };
    const sent = request({ method, path, agent, headers: given, signal }, resolve);
    sent.on('error', reject);
    sent.end(body);
    return promise;
  }
}

const lineFeed = Buffer.from('\n');

/** Of what the proxy will refuse: its sender waits for an answer to what it takes for a request. */
function readLooseId(line: Buffer, message: Message | undefined): string | number | undefined {
  if (message !== undefined) return undefined;
  try {
    const { id, method } = JSON.parse(line.toString('utf8')) as { id?: unknown; method?: unknown };
    const isId = typeof id === 'string' || Number.isSafeInteger(id);
    return isId && method !== undefined ? (id as string | number) : undefined;
  } catch {
    return undefined;
  }
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
