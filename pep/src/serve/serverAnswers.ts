// What servers are told in place of their clients, when they asked what they may not: a few at a time for each session, and
// never for long. A server that asks without end, and takes no answer, holds nothing here but those.
import type { ServerResponse } from 'node:http';
import { makeUpstreamHeaders, sessionHeader } from '../act/upstreamHeaders.ts';
import type { Upstream } from '../act/upstream.ts';
import type { RelayContext } from '../relay/relayContext.ts';

/** Of one session, or of one reply where there is none. What a server asks beyond them it waits for in vain. */
const inflightMax = 4;
const answerMsMax = 5_000;

export class ServerAnswers {
  readonly #inflight = new WeakMap<object, number>();

  /**
   * In the session in which the server asked, for as long as the client stays on `response`. What comes back is of no
   * interest, nor is a failure. Never rejects.
   */
  async send(
    upstream: Upstream,
    context: RelayContext,
    answer: string,
    response: ServerResponse,
  ): Promise<void> {
    const key = context.session ?? context;
    const count = this.#inflight.get(key) ?? 0;
    if (count >= inflightMax || response.destroyed) return;
    this.#inflight.set(key, count + 1);
    const patience = new Patience(response);
    try {
      const reply = await upstream.send({ ...describe(upstream, context, answer), signal: patience });
      reply.destroy();
    } catch {
      // The server gets no answer, as from a client that has left.
    } finally {
      patience.end();
      this.#inflight.set(key, (this.#inflight.get(key) ?? 1) - 1);
    }
  }
}

function describe(upstream: Upstream, { session, era, identity }: RelayContext, answer: string) {
  const headers = makeUpstreamHeaders(
    {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(session === undefined ? {} : { 'mcp-protocol-version': session.protocol }),
    },
    upstream.host,
    upstream.config.credential(),
  );
  if (session !== undefined) headers[sessionHeader] = session.upstreamId;
  const body = Buffer.from(answer);
  return { method: 'POST', headers, body, messages: [], era, caller: identity.grant.id } as const;
}

/** Ends when the time is over, and when the client leaves before it has everything. */
class Patience {
  readonly #response: ServerResponse;
  readonly #timer: NodeJS.Timeout;
  #abort: (() => void) | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.#timer = setTimeout(() => this.#abort?.(), answerMsMax);
    response.on('close', this.#leave);
  }

  onAbort(end: () => void): void {
    this.#abort = end;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#response.off('close', this.#leave);
  }

  readonly #leave = (): void => {
    if (!this.#response.writableFinished) this.#abort?.();
  };
}
