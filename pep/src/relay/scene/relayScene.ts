// A scripted server, the relay and a client that keeps every byte, each behind a socket of its own.
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AddressRanges } from '@cardea/dial';
import { HttpUpstream } from '../../act/httpUpstream.ts';
import { timeoutsDefault } from '../../config/serverConfig.ts';
import { Departure } from '../../serve/exchange.ts';
import { TaskTable, taskLimitsDefault } from '../../tasks/taskTable.ts';
import type { JsonObject } from '@cardea/schemas/json';
import { OpenStreams } from '../openStreams.ts';
import {
  relayReply,
  type RelayContext,
  type RelayEvent,
  type RelayOptions,
  type RelayOutcome,
} from '../relay.ts';
import { HeldBytes } from '../heldBytes.ts';
import { defaultRelayLimits } from '../relayLimits.ts';
import { makeContext, makeVisible } from './makeContext.ts';

export type Script = (request: IncomingMessage, response: ServerResponse) => void;

export interface Seen {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly end: 'complete' | 'broken';
  readonly outcome: RelayOutcome;
}

/** A client in the midst of a reply. */
export interface Watching {
  readonly head: Promise<IncomingMessage>;
  /** All that has come so far. */
  text: () => string;
  readonly seen: Promise<Seen>;
  leave: () => void;
}

const lateMs = 20;
const lookMs = 2;
const looksMax = 1_000;

export class RelayScene {
  /** Changed by tests at will. */
  script: Script = (_request, response) => void response.end();
  options: RelayOptions = this.freshOptions();
  readonly events: RelayEvent[] = [];
  /** What servers were told in place of their clients. */
  readonly told: JsonObject[] = [];
  /** The relay gets a reply when what came with its head is there already. */
  isLate = false;
  /** Replies of the server that were cut off. */
  cut = 0;
  /** Requests that the server has seen. */
  reached = 0;
  #client: HttpUpstream | undefined;
  readonly #upstream = createServer((incoming, response) => {
    this.reached += 1;
    const beginning = this.#beginning;
    response.on('close', () => {
      // What earlier tests left behind is not counted.
      if (!response.writableFinished && beginning === this.#beginning) this.cut += 1;
    });
    incoming.resume();
    this.script(incoming, response);
  });
  readonly #proxy = createServer((incoming, response) => {
    this.#forward(incoming, response);
  });
  #beginning = 0;
  #context = makeContext();
  #outcome = Promise.withResolvers<RelayOutcome>();

  async open(): Promise<void> {
    await Promise.all([listen(this.#upstream), listen(this.#proxy)]);
  }

  async close(): Promise<void> {
    await this.#client?.close();
    await Promise.all([this.#upstream, this.#proxy].map(close));
  }

  /** Everything but the sockets as in the beginning. */
  reset(): void {
    this.options = this.freshOptions();
    this.events.length = 0;
    this.told.length = 0;
    this.cut = 0;
    this.reached = 0;
    this.isLate = false;
    this.#beginning += 1;
  }

  freshOptions(): RelayOptions {
    return {
      visible: () => makeVisible({ tools: ['refund', 'read'], hidden: ['export_customers'] }),
      secretOf: () => undefined,
      mayStay: () => true,
      judge: () => ({ kind: 'allow', decisionId: 'd-1' }),
      openSession: () => undefined,
      sealState: (state, { method }) => `sealed for ${method}: ${state}`,
      answerServer: (_context, response) => {
        this.told.push(response);
      },
      tasks: new TaskTable(taskLimitsDefault, Date.now),
      streams: new OpenStreams({ streamsMax: 64, streamsPerGrantMax: 64 }),
      limits: defaultRelayLimits,
      held: new HeldBytes(64 * 1024 * 1024),
      report: (event) => {
        this.events.push(event);
      },
    };
  }

  /** One request, and what came of it. */
  ask(context: Partial<RelayContext> = {}): Promise<Seen> {
    return this.watch(context).seen;
  }

  watch(context: Partial<RelayContext> = {}): Watching {
    this.#context = makeContext(context);
    this.#outcome = Promise.withResolvers();
    const { promise: outcome } = this.#outcome;
    const chunks: Buffer[] = [];
    const text = (): string => Buffer.concat(chunks).toString();
    const asking = request({ port: portOf(this.#proxy), method: this.#context.httpMethod, agent: false });
    const head = new Promise<IncomingMessage>((resolve, reject) => {
      asking.once('response', resolve).once('error', reject);
    });
    const seen = head.then(async (reply) => {
      const end = await drain(reply, chunks);
      const { statusCode: status = 0, headers } = reply;
      return { status, headers, text: text(), end, outcome: await outcome };
    });
    seen.catch(() => undefined);
    asking.end();
    return { head, text, seen, leave: () => asking.destroy() };
  }

  /** Of the request asked last. */
  lastOutcome(): Promise<RelayOutcome> {
    return this.#outcome.promise;
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    const outcome = this.#outcome;
    const context = this.#context;
    incoming.resume();
    this.#client ??= openUpstream(portOf(this.#upstream));
    const departure = new Departure(response);
    const call = { method: context.httpMethod, headers: {}, body: undefined, signal: departure };
    this.#client.send(call).then(
      async (reply) => {
        if (this.isLate) await delay(lateMs);
        relayReply(reply, response, context, this.options).then(outcome.resolve, outcome.reject);
      },
      () => response.destroy(),
    );
  }
}

/** Until it is so, or too late. */
export async function until(isSo: () => boolean): Promise<boolean> {
  for (let look = 0; look < looksMax; look += 1) {
    if (isSo()) return true;
    await delay(lookMs);
  }
  return false;
}

function drain(reply: IncomingMessage, chunks: Buffer[]): Promise<Seen['end']> {
  return new Promise((resolve) => {
    reply.on('data', (chunk: Buffer) => chunks.push(chunk));
    reply.on('error', () => undefined);
    reply.once('close', () => {
      resolve(reply.complete ? 'complete' : 'broken');
    });
  });
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function openUpstream(port: number): HttpUpstream {
  const upstream = new URL(`http://127.0.0.1:${port}/`);
  const config = { id: 'desk', upstream, credential: (): undefined => undefined, timeouts: timeoutsDefault };
  return new HttpUpstream(config, { allow: new AddressRanges() });
}
