import { ServerResponse, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Upstream, UpstreamCall } from '../act/upstream.ts';
import type { UpstreamReply } from '../act/upstreamReply.ts';
import { makeContext, makeSession } from '../relay/scene/makeContext.ts';
import { ServerAnswers } from './serverAnswers.ts';

/** One answer on its way to a server that does nothing by itself. */
class Sent {
  readonly headers: Record<string, string>;
  hasEnded = false;
  isDestroyed = false;
  readonly #reply = Promise.withResolvers<UpstreamReply>();

  constructor({ headers, signal }: UpstreamCall) {
    this.headers = headers;
    signal.onAbort(() => {
      this.hasEnded = true;
      this.#reply.reject(new Error('left'));
    });
  }

  get reply(): Promise<UpstreamReply> {
    return this.#reply.promise;
  }

  accept(): void {
    this.#reply.resolve({ destroy: () => (this.isDestroyed = true) } as unknown as UpstreamReply);
  }
}

let sent: Sent[];
let response: ServerResponse;
let answers: ServerAnswers;

const upstream = {
  host: 'h',
  config: { credential: () => undefined },
  send: (call: UpstreamCall) => {
    const one = new Sent(call);
    sent.push(one);
    return one.reply;
  },
} as unknown as Upstream;

beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
  response = new ServerResponse(new IncomingMessage(new Socket()));
  answers = new ServerAnswers();
});

afterEach(() => {
  jest.useRealTimers();
});

const send = (context = makeContext({ session: makeSession() })): Promise<void> =>
  answers.send(upstream, context, '{}', response);

describe('what servers are told in place of clients', () => {
  it('goes to the session that asked, and nobody reads what comes back', async () => {
    const session = makeSession();
    const sending = send(makeContext({ session }));
    expect(sent[0]?.headers).toMatchObject({ 'mcp-session-id': session.upstreamId });
    sent[0]?.accept();
    await sending;
    expect(sent[0]?.isDestroyed).toBe(true);
    expect(response.listenerCount('close')).toBe(0);
  });

  it('is a few at a time for each session', async () => {
    const context = makeContext({ session: makeSession() });
    const first = Array.from({ length: 1_000 }, () => send(context));
    expect(sent.length).toBe(4);
    void send();
    expect(sent.length).toBe(5);
    for (const one of sent) one.accept();
    await Promise.all(first);
    void send(context);
    expect(sent.length).toBe(6);
  });

  it('ends when the server does not take it in time', async () => {
    const sending = send();
    jest.advanceTimersByTime(4_999);
    expect(sent[0]?.hasEnded).toBe(false);
    jest.advanceTimersByTime(1);
    expect(sent[0]?.hasEnded).toBe(true);
    await sending;
  });

  it('ends when the client leaves', async () => {
    const sending = send();
    response.destroy();
    response.emit('close');
    await sending;
    expect(sent[0]?.hasEnded).toBe(true);
    void send();
    expect(sent.length).toBe(1);
  });
});
