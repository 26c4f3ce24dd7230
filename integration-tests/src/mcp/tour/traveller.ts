// A client on SDK 1 that can be asked for everything, and keeps what it hears.
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';

const lookMs = 5;

/** Until then a notification has come, or is lost. */
const hearMsMax = 1_500;

export class Traveller {
  readonly client: Client;
  readonly transport: Transport;
  /** What the client was asked for, in order. */
  readonly asked: unknown[] = [];
  /** What the user of the client says when asked next. */
  userSays: ElicitResult = { action: 'decline' };
  readonly #heard: { readonly method: string; readonly params?: unknown }[] = [];

  constructor(transport: Transport) {
    this.transport = transport;
    const capabilities = { sampling: {}, elicitation: {}, roots: { listChanged: true } };
    this.client = new Client({ name: 'traveller', version: '1.0.0' }, { capabilities });
    this.client.fallbackNotificationHandler = ({ method, params }) => {
      this.#heard.push({ method, ...(params === undefined ? {} : { params }) });
      return Promise.resolve();
    };
    this.#answerQuestions();
  }

  /** Over Streamable HTTP. */
  static at(url: string, headers: Readonly<Record<string, string>>): Traveller {
    return new Traveller(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  }

  connect(): Promise<void> {
    return this.client.connect(this.transport);
  }

  /** All notifications of a method so far, once there are so many or it is too late. */
  async hears(method: string, count: number): Promise<unknown[]> {
    const endMs = performance.now() + hearMsMax;
    const listen = (): unknown[] => this.#heard.filter((notification) => notification.method === method);
    while (listen().length < count && performance.now() < endMs) await delay(lookMs);
    return listen();
  }

  #answerQuestions(): void {
    const { client, asked } = this;
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
      asked.push(params);
      return { model: 'of the traveller', role: 'assistant', content: { type: 'text', text: 'Friday' } };
    });
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params);
      return this.userSays;
    });
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: [{ uri: 'file:///home', name: 'home' }],
    }));
  }
}
