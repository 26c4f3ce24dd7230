// One MCP server, as the proxy reaches it: pooled connections, judged bytes, a deadline for the first byte of the reply.
// Nothing is ever sent twice: a call may have run although its answer was lost.
import { Agent, request as sendRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as sendTlsRequest } from 'node:https';
import { Refusal } from '@cardea/schemas/codes';
import { sendWhole } from '../wholeBody.ts';
import type { ServerConfig } from '../config/serverConfig.ts';

/** Connections at once; calls beyond them are refused, not queued. */
const callsMax = 8_192;

export interface UpstreamCall {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Record<string, string>;
  /** The bytes that were judged. */
  readonly body: Buffer | undefined;
  /** Ends the call: the client has left, or may no longer see the answer. */
  readonly signal: { onAbort(end: () => void): void };
}

export class Upstream {
  readonly config: ServerConfig;
  readonly #agent: Agent;
  readonly #isSecure: boolean;
  readonly #address: { readonly host: string; readonly port: string | number; readonly path: string };
  #calls = 0;

  constructor(config: ServerConfig) {
    const { upstream } = config;
    this.config = config;
    this.#isSecure = upstream.protocol === 'https:';
    const settings = { keepAlive: true, scheduling: 'lifo' as const };
    this.#agent = this.#isSecure ? new TlsAgent(settings) : new Agent(settings);
    this.#address = {
      host: upstream.hostname.replace(/^\[|\]$/g, ''),
      port: upstream.port || (this.#isSecure ? 443 : 80),
      path: upstream.pathname + upstream.search,
    };
  }

  get host(): string {
    return this.config.upstream.host;
  }

  /** Resolves with the head of the reply. Throws Refusal `upstream_unavailable`, `upstream_timeout`, `overloaded`. */
  send(call: UpstreamCall): Promise<IncomingMessage> {
    if (this.#calls >= callsMax)
      throw new Refusal('overloaded', `${callsMax} calls of this server are under way`);
    this.#calls += 1;
    return new Promise((resolve, reject) => {
      const sent = this.#open(call);
      const { answerMs } = this.config.timeouts;
      let isSettled = false;
      const timer = setTimeout(() => {
        sent.destroy(new Refusal('upstream_timeout', `the server has not answered within ${answerMs} ms`));
      }, answerMs);
      sent.on('response', (reply: IncomingMessage) => {
        clearTimeout(timer);
        isSettled = true;
        resolve(reply);
      });
      sent.on('error', (cause) => {
        isSettled = true;
        reject(toRefusal(cause));
      });
      sent.on('close', () => {
        clearTimeout(timer);
        this.#calls -= 1;
        if (!isSettled) reject(new Refusal('upstream_unavailable', 'the connection to the server ended'));
      });
      call.signal.onAbort(() => sent.destroy());
      sendWhole(sent, call.body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #open({ method, headers, body }: UpstreamCall): ClientRequest {
    const options = {
      ...this.#address,
      agent: this.#agent,
      method,
      headers: body === undefined ? headers : { ...headers, 'content-length': String(body.length) },
    };
    const sent = this.#isSecure ? sendTlsRequest(options) : sendRequest(options);
    sent.on('socket', (socket) => {
      if (socket.connecting) this.#boundConnecting(sent);
    });
    return sent;
  }

  #boundConnecting(sent: ClientRequest): void {
    const { connectMs } = this.config.timeouts;
    const timer = setTimeout(() => {
      sent.destroy(
        new Refusal('upstream_unavailable', `the server cannot be reached within ${connectMs} ms`),
      );
    }, connectMs);
    const done = (): void => {
      clearTimeout(timer);
    };
    sent.socket?.once('connect', done).once('close', done);
  }
}

function toRefusal(cause: Error): Refusal {
  return cause instanceof Refusal
    ? cause
    : new Refusal('upstream_unavailable', 'the server cannot be reached', { cause });
}
