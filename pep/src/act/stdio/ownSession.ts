// A session with a process of its own: what was judged goes in as it is, and what comes out finds the call that it belongs
// to. Over standard streams only answers and progress say which that is; the rest goes to the one call that is under way,
// else to the stream on which the client listens.
import { Refusal } from '@cardea/schemas/codes';
import { asId, idKey, memberOf, progressTokenOf, type RpcRequest } from '../../admit/message.ts';
import type { UpstreamReply } from '../upstreamReply.ts';
import { CallReply } from './callReply.ts';
import { Listening } from './listening.ts';
import { toOneLine } from './oneLine.ts';
import type { ProcessSource } from './processSource.ts';
import type { ServerLine } from './serverLine.ts';
import type { ServerProcess } from './serverProcess.ts';
import {
  callsMax,
  readsStreams,
  writeCancellation,
  type SessionOptions,
  type StdioCall,
  type StdioSession,
} from './session.ts';
import { emptyReply } from './wholeReply.ts';

interface Waiting {
  readonly request: RpcRequest;
  readonly token: string | undefined;
  /** Undefined once the client has left: the answer goes to where it listens. */
  reply: CallReply | undefined;
}

export class OwnSession implements StdioSession {
  readonly #options: SessionOptions;
  readonly #process: ServerProcess;
  readonly #listening: Listening;
  /** By the keys of their ids, oldest first. */
  readonly #waiting = new Map<string, Waiting>();

  /** Throws Refusal where no process can be started. */
  constructor(source: ProcessSource, options: SessionOptions) {
    this.#options = options;
    this.#process = source.open({
      onLine: (line) => {
        this.#take(line);
      },
      onEnd: () => {
        this.#close();
      },
    });
    this.#listening = new Listening(this.#process);
  }

  get isBusy(): boolean {
    return this.#listening.isOpen || [...this.#waiting.values()].some(({ reply }) => reply !== undefined);
  }

  async ask({ messages, headers, body, signal, replyHeaders = [] }: StdioCall): Promise<UpstreamReply> {
    const requests = messages.filter((message) => message.kind === 'request');
    this.#requireRoom(requests);
    this.#process.write(toOneLine(body));
    if (requests.length === 0) return emptyReply(202);
    const reply = new CallReply({
      count: requests.length,
      canStream: readsStreams(headers),
      headers: replyHeaders,
      timeoutMs: this.#options.timeoutMs,
      holder: this.#process,
      onGiveUp: (why) => {
        this.#giveUp(requests, why);
      },
    });
    for (const request of requests) {
      const token = progressTokenOf(request.params);
      const entry = { request, token: token === undefined ? undefined : idKey(token), reply };
      this.#waiting.set(idKey(request.id), entry);
    }
    signal.onAbort(() => {
      reply.leave();
    });
    return reply.reply;
  }

  listen(): UpstreamReply {
    return this.#listening.open();
  }

  end(): Promise<void> {
    return this.#process.end();
  }

  #requireRoom(requests: readonly RpcRequest[]): void {
    if (this.#waiting.size + requests.length > callsMax)
      throw new Refusal('overloaded', `${callsMax} calls of this session are under way`);
    if (requests.some(({ id }) => this.#waiting.has(idKey(id))))
      throw new Refusal('invalid_request', 'a request with this id has not been answered yet');
  }

  #take(line: ServerLine): void {
    switch (line.kind) {
      case 'response':
        this.#answer([idKey(line.id)], line.bytes);
        return;
      case 'answers':
        this.#answer(line.keys, line.bytes);
        return;
      default:
        this.#tell(this.#findCall(line), line.bytes);
    }
  }

  #answer(keys: readonly string[], bytes: Buffer): void {
    const answered = keys.flatMap((key) => this.#waiting.get(key) ?? []);
    const [first] = answered;
    // What nobody has asked for, or not all in one piece, is told to nobody.
    if (first === undefined || answered.some(({ reply }) => reply !== first.reply)) return;
    for (const key of keys) this.#waiting.delete(key);
    if (first.reply !== undefined) first.reply.answer(bytes, { count: answered.length });
    else if (this.#listening.isOpen) this.#listening.tell(bytes);
  }

  #findCall(line: ServerLine): CallReply | undefined {
    const calls = [...this.#waiting.values()].filter(({ reply }) => reply?.canTell === true);
    if (line.kind === 'notification' && line.method === 'notifications/progress') {
      const token = asId(memberOf(line.params, 'progressToken'));
      const key = token === undefined ? undefined : idKey(token);
      return calls.find((call) => call.token === key)?.reply;
    }
    const replies = new Set(calls.map(({ reply }) => reply));
    if (replies.size > 1 && this.#listening.isOpen) return undefined;
    return [...replies].at(-1);
  }

  #tell(call: CallReply | undefined, bytes: Buffer): void {
    if (call === undefined) this.#listening.tell(bytes);
    else call.tell(bytes);
  }

  #giveUp(requests: readonly RpcRequest[], why: 'left' | 'late'): void {
    for (const { id, method } of requests) {
      const entry = this.#waiting.get(idKey(id));
      if (entry === undefined) continue;
      // A client that has lost a connection still waits (MCP 2025-11-25, Streamable HTTP).
      if (why === 'left' && method !== 'initialize') entry.reply = undefined;
      else this.#cancel(id, method);
    }
  }

  #cancel(id: RpcRequest['id'], method: string): void {
    this.#waiting.delete(idKey(id));
    try {
      // Without it there is no session.
      if (method === 'initialize') void this.end();
      else this.#process.write(writeCancellation(id, 'the answer has not come in time'));
    } catch {
      // It has ended, or reads nothing: it does not hear of this either.
    }
  }

  #close(): void {
    const ended = new Refusal('upstream_unavailable', 'the server has ended');
    for (const { reply } of this.#waiting.values()) reply?.fail(ended);
    this.#waiting.clear();
    this.#listening.close();
    this.#options.onEnd();
  }
}
