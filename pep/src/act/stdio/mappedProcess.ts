// One process for many clients, whose ids would meet in it: each request gets an id of ours, which is also the token of its
// progress, and what comes back gets the client's own again. Every other byte stays as it was judged, or as it came.
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject } from '@cardea/schemas/json';
import { subscriptionKey } from '../../admit/era.ts';
import {
  asId,
  memberOf,
  progressTokenOf,
  type RequestId,
  type RpcNotification,
  type RpcRequest,
  type RpcResponse,
} from '../../admit/message.ts';
import type { UpstreamReply } from '../upstreamReply.ts';
import { CallReply } from './callReply.ts';
import type { Listening } from './listening.ts';
import { toOneLine } from './oneLine.ts';
import type { ProcessSource } from './processSource.ts';
import type { ServerLine } from './serverLine.ts';
import type { ServerProcess } from './serverProcess.ts';
import { callsMax, readsStreams, writeCancellation, type SessionOptions, type StdioCall } from './session.ts';
import { spliceValues } from './spliceValues.ts';

/** One of the clients. */
export interface Party {
  /** Where it hears what no call of its own leads to; undefined where it hears nothing else. */
  readonly listening: Listening | undefined;
  /** The resources whose changes it wants to hear of. */
  readonly subscriptions: ReadonlySet<string>;
}

export interface MappedOptions extends SessionOptions {
  /** All parties are one caller: what names none of their calls may go to the only one that is under way. */
  readonly isOneCaller: boolean;
  readonly parties: () => Iterable<Party>;
  /** Of the reply to a request. */
  readonly statusOf: (answer: RpcResponse, request: RpcRequest) => number;
}

interface Waiting {
  readonly request: RpcRequest;
  readonly token: RequestId | undefined;
  readonly party: Party;
  reply: CallReply | undefined;
}

const nothing = { hold: () => undefined, release: () => undefined };

export class MappedProcess {
  readonly #options: MappedOptions;
  readonly #process: ServerProcess;
  /** By our ids, oldest first. */
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** Throws Refusal where no process can be started. */
  constructor(source: ProcessSource, options: MappedOptions) {
    this.#options = options;
    this.#process = source.open({
      onLine: (line) => {
        this.#take(line);
      },
      onEnd: () => {
        this.#close();
      },
    });
  }

  isBusyFor(party: Party): boolean {
    return [...this.#waiting.values()].some((entry) => entry.party === party && entry.reply !== undefined);
  }

  /** One request. Rejects with Refusal. */
  async ask(
    request: RpcRequest,
    { body, headers, signal, replyHeaders = [] }: StdioCall,
    party: Party,
  ): Promise<UpstreamReply> {
    if (this.#waiting.size >= callsMax)
      throw new Refusal('overloaded', `${callsMax} calls of this server are under way`);
    const id = (this.#lastId += 1);
    const ours = [['id'], ['params', '_meta', 'progressToken']].map((path) => ({ path, text: String(id) }));
    this.#process.write(toOneLine(spliceValues(body, ours)));
    const reply = new CallReply({
      count: 1,
      canStream: readsStreams(headers),
      headers: replyHeaders,
      timeoutMs: this.#options.timeoutMs,
      // Others wait for the same process.
      holder: nothing,
      onGiveUp: (why) => {
        this.#giveUp(id, why);
      },
    });
    this.#waiting.set(id, { request, token: progressTokenOf(request.params), party, reply });
    signal.onAbort(() => {
      reply.leave();
    });
    return reply.reply;
  }

  /** What is ours to say. Nobody hears where it cannot be said. */
  tell(line: Buffer): void {
    try {
      this.#process.write(line);
    } catch {
      // It has ended, or reads nothing.
    }
  }

  /** A party takes back what it has asked for. */
  cancel(party: Party, requestId: RequestId): void {
    for (const [id, entry] of this.#waiting) {
      if (entry.party === party && entry.request.id === requestId)
        this.tell(writeCancellation(id, 'the client has taken it back'));
    }
  }

  /** Nothing of what it asked for is of interest any more. */
  leave(party: Party): void {
    for (const [id, entry] of this.#waiting) {
      if (entry.party !== party) continue;
      this.#drop(id, 'the session is over');
      entry.reply?.fail(new Refusal('upstream_unavailable', 'the session is over'));
    }
  }

  end(): Promise<void> {
    return this.#process.end();
  }

  #take(line: ServerLine): void {
    if (line.kind === 'response') this.#answer(line, line.bytes);
    else if (line.kind === 'request') this.tell(writeRefusal(line));
    else if (line.kind === 'notification') this.#hear(line, line.bytes);
  }

  #answer(answer: RpcResponse, bytes: Buffer): void {
    const entry = this.#find(answer.id);
    if (entry === undefined) return;
    this.#waiting.delete(answer.id as number);
    const own = JSON.stringify(entry.request.id);
    const theirs = spliceValues(bytes, [
      { path: ['id'], text: own },
      { path: ['result', '_meta', subscriptionKey], text: own },
    ]);
    const status = this.#options.statusOf(answer, entry.request);
    if (entry.reply !== undefined) entry.reply.answer(theirs, { status });
    else if (entry.party.listening?.isOpen === true) entry.party.listening.tell(theirs);
  }

  #hear(notification: RpcNotification, bytes: Buffer): void {
    const { method, params } = notification;
    if (method === 'notifications/progress') {
      const entry = this.#find(asId(memberOf(params, 'progressToken')));
      if (entry?.token === undefined) return;
      const text = JSON.stringify(entry.token);
      entry.reply?.tell(spliceValues(bytes, [{ path: ['params', 'progressToken'], text }]));
      return;
    }
    const meta = memberOf(params, '_meta');
    const subscription = isJsonObject(meta) ? asId(memberOf(meta, subscriptionKey)) : undefined;
    if (subscription === undefined) this.#spread(notification, bytes);
    else this.#tellListener(subscription, bytes);
  }

  #tellListener(subscription: RequestId, bytes: Buffer): void {
    const entry = this.#find(subscription);
    if (entry === undefined) return;
    const path = ['params', '_meta', subscriptionKey];
    entry.reply?.tell(spliceValues(bytes, [{ path, text: JSON.stringify(entry.request.id) }]));
  }

  /** What no call is named in: to all whom it may concern, and to nobody where that is not known. */
  #spread({ method, params }: RpcNotification, bytes: Buffer): void {
    const uri = memberOf(params, 'uri');
    const isUpdate = method === 'notifications/resources/updated';
    if (isUpdate || listChanges.has(method)) {
      for (const { listening, subscriptions } of this.#options.parties()) {
        if (!isUpdate || (typeof uri === 'string' && subscriptions.has(uri))) listening?.tell(bytes);
      }
    } else if (this.#options.isOneCaller) {
      const calls = [...this.#waiting.values()].filter(
        ({ request }) => request.method !== 'subscriptions/listen',
      );
      if (calls.length === 1) calls[0]?.reply?.tell(bytes);
    }
  }

  #find(id: RequestId | undefined): Waiting | undefined {
    return typeof id === 'number' ? this.#waiting.get(id) : undefined;
  }

  #giveUp(id: number, why: 'left' | 'late'): void {
    const entry = this.#waiting.get(id);
    if (entry === undefined) return;
    // A client that has lost a connection still waits, where it has another stream.
    if (why === 'left' && entry.party.listening !== undefined) entry.reply = undefined;
    else this.#drop(id, why === 'left' ? 'the client has left' : 'the answer has not come in time');
  }

  #drop(id: number, reason: string): void {
    if (this.#waiting.delete(id)) this.tell(writeCancellation(id, reason));
  }

  #close(): void {
    const ended = new Refusal('upstream_unavailable', 'the server has ended');
    for (const { reply } of this.#waiting.values()) reply?.fail(ended);
    this.#waiting.clear();
    this.#options.onEnd();
  }
}

const listChanges: ReadonlySet<string> = new Set([
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/tools/list_changed',
]);

/** Nobody knows which of the clients it would be for. */
function writeRefusal({ id, method }: RpcRequest): Buffer {
  const outcome =
    method === 'ping'
      ? { result: {} }
      : { error: { code: -32_601, message: 'a process that many clients share may ask none of them' } };
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }));
}
