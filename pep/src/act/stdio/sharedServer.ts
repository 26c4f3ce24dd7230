// One process for all sessions of the era that has them. The proxy itself shakes hands with it, once, and offers nothing on
// behalf of clients; every session gets the answer to that.
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject } from '@cardea/schemas/json';
import { asId, memberOf, type Message, type RpcRequest } from '../../admit/message.ts';
import type { UpstreamReply } from '../upstreamReply.ts';
import { Listening } from './listening.ts';
import { MappedProcess, type Party } from './mappedProcess.ts';
import type { ProcessSource } from './processSource.ts';
import type { SessionOptions, StdioCall, StdioSession } from './session.ts';
import { spliceValues } from './spliceValues.ts';
import { emptyReply, jsonReply } from './wholeReply.ts';

/** What the process has answered to the handshake, and the process. */
interface Greeted {
  readonly process: MappedProcess;
  readonly answer: Buffer;
}

export class SharedServer {
  readonly #source: ProcessSource;
  readonly #timeoutMs: number;
  readonly #sessions = new Set<SharedSession>();
  #greeting: Promise<Greeted> | undefined;

  constructor(source: ProcessSource, timeoutMs: number) {
    this.#source = source;
    this.#timeoutMs = timeoutMs;
  }

  /** Throws Refusal where no process can be started. */
  open(options: SessionOptions): SharedSession {
    const session = new SharedSession(options, {
      greet: (initialize) => this.#greet(initialize),
      leave: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  #greet(initialize: RpcRequest): Promise<Greeted> {
    this.#greeting ??= this.#start(initialize).catch((fault: unknown) => {
      this.#greeting = undefined;
      throw fault;
    });
    return this.#greeting;
  }

  async #start({ params }: RpcRequest): Promise<Greeted> {
    const process = new MappedProcess(this.#source, {
      timeoutMs: this.#timeoutMs,
      isOneCaller: false,
      parties: () => this.#sessions,
      statusOf: () => 200,
      onEnd: () => {
        this.#greeting = undefined;
        // Without the process that knew them there is nothing to go on with.
        for (const session of [...this.#sessions]) void session.end();
      },
    });
    const request = writeInitialize(params);
    const call = { body: Buffer.from(JSON.stringify(request)), messages: [], headers: {}, signal: nobody };
    const reply = await process.ask({ kind: 'request', ...request }, call, ourselves);
    const answer = await readWhole(reply);
    const value = JSON.parse(answer.toString('utf8')) as { result?: unknown };
    if (!isJsonObject(value.result as never)) {
      void process.end();
      throw new Refusal('upstream_invalid', 'the server does not shake hands');
    }
    process.tell(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
    return { process, answer };
  }
}

const nobody = { onAbort: () => undefined };
const ourselves: Party = { listening: undefined, subscriptions: new Set() };

/** The revision that the first client wants, and none of the abilities that only one client could have. */
function writeInitialize(params: RpcRequest['params']): {
  readonly jsonrpc: '2.0';
  readonly id: number;
  readonly method: 'initialize';
  readonly params: Record<string, never> | NonNullable<RpcRequest['params']>;
} {
  const protocolVersion = memberOf(params, 'protocolVersion') ?? '2025-11-25';
  const clientInfo = { name: 'cardea', version: '1' };
  return {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo },
  };
}

function readWhole(reply: UpstreamReply): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    reply.on('data', (part) => parts.push(part));
    reply.once('end', () => {
      resolve(Buffer.concat(parts));
    });
  });
}

interface Server {
  readonly greet: (initialize: RpcRequest) => Promise<Greeted>;
  readonly leave: () => void;
}

class SharedSession implements StdioSession, Party {
  readonly listening = new Listening({ hold: () => undefined, release: () => undefined });
  readonly subscriptions = new Set<string>();
  readonly #options: SessionOptions;
  readonly #server: Server;
  #process: MappedProcess | undefined;
  #hasEnded = false;

  constructor(options: SessionOptions, server: Server) {
    this.#options = options;
    this.#server = server;
  }

  get isBusy(): boolean {
    return this.listening.isOpen || this.#process?.isBusyFor(this) === true;
  }

  async ask(call: StdioCall): Promise<UpstreamReply> {
    const [message, another] = call.messages;
    if (another !== undefined) throw new Refusal('batch_refused', 'this server takes one message at a time');
    if (message?.kind !== 'request') {
      if (message !== undefined) this.#note(message);
      return emptyReply(202);
    }
    if (message.method === 'initialize') return this.#open(message, call);
    if (this.#process === undefined) throw new Refusal('upstream_unavailable', 'the server has ended');
    const uri = memberOf(message.params, 'uri');
    if (message.method === 'resources/subscribe' && typeof uri === 'string') this.subscriptions.add(uri);
    if (message.method === 'resources/unsubscribe' && typeof uri === 'string') this.subscriptions.delete(uri);
    return this.#process.ask(message, call, this);
  }

  listen(): UpstreamReply {
    return this.listening.open();
  }

  end(): Promise<void> {
    if (this.#hasEnded) return Promise.resolve();
    this.#hasEnded = true;
    this.listening.close();
    this.#process?.leave(this);
    this.#server.leave();
    this.#options.onEnd();
    return Promise.resolve();
  }

  async #open(message: RpcRequest, { replyHeaders }: StdioCall): Promise<UpstreamReply> {
    const { process, answer } = await this.#server.greet(message);
    this.#process = process;
    const own = spliceValues(answer, [{ path: ['id'], text: JSON.stringify(message.id) }]);
    return jsonReply(200, own, replyHeaders);
  }

  /** Of all that a client tells, only what it takes back is the process's affair. */
  #note(message: Message): void {
    if (message.kind !== 'notification' || message.method !== 'notifications/cancelled') return;
    const id = asId(memberOf(message.params, 'requestId'));
    if (id !== undefined) this.#process?.cancel(this, id);
  }
}
