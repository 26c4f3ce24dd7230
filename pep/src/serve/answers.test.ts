import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@cardea/schemas/codes';
import { UnsupportedProtocol } from '../admit/headers.ts';
import { UnofferedResource } from '../resolve/unoffered.ts';
import { makeError, sendErrors, statusOf, toStop } from './answers.ts';

describe('makeError', () => {
  it('says what was decided, and by which decision', () => {
    expect(makeError(1, { kind: 'deny', code: 'forbidden', message: 'No.', decisionId: 'd' })).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: {
        code: -32001,
        message: 'No.',
        data: { code: 'forbidden', verdict: 'deny', message: 'No.', decisionId: 'd' },
      },
    });
  });

  it('says who has to approve', () => {
    const stop = {
      kind: 'hold',
      code: 'held',
      message: 'Wait.',
      decisionId: 'd',
      approvers: ['finance'],
    } as const;
    expect(makeError('a', stop).error.data).toMatchObject({
      verdict: 'hold',
      approval: { approvers: ['finance'] },
    });
  });

  it('says what to do, where nobody has said why', () => {
    const message = 'No policy permits the call.';
    expect(makeError(1, { kind: 'deny', code: 'default_deny', message }).error.message).toBe(
      'No policy permits the call. Ask whoever owns the policies for a permit that covers it.',
    );
  });

  it('cuts what comes from elsewhere, and shows what is in it', () => {
    const { message, data } = makeError(1, {
      kind: 'deny',
      code: 'forbidden',
      message: `\u202e${'x'.repeat(5_000)}`,
    }).error;
    for (const text of [message, data['message']]) expect(text).toMatch(/^\\u202ex{399}\.\.\.$/);
  });

  it.each<[Refusal, object]>([
    [new UnsupportedProtocol('2099-01-01'), { supported: ['2026-07-28'], requested: '2099-01-01' }],
    [new UnofferedResource('file:///a', 'legacy'), { uri: 'file:///a', code: 'resource_not_offered' }],
    [new UnofferedResource('file:///a', 'stateless'), { uri: 'file:///a', code: 'not_offered' }],
  ])('adds what the revision wants to %s', (refusal, data) => {
    expect(makeError(1, toStop(refusal)).error.data).toMatchObject(data);
  });
});

describe('statusOf', () => {
  it('does not tell a client of the legacy era that its session is over', () => {
    expect([statusOf('unknown_method', 'legacy'), statusOf('unknown_method', 'stateless')]).toEqual([
      200, 404,
    ]);
    expect(statusOf('unknown_session', 'legacy')).toBe(404);
  });
});

describe('sendErrors', () => {
  function send(
    code: 'unauthenticated' | 'overloaded' | 'method_not_allowed',
    status: number,
    hasBegun = false,
  ): object {
    const sent: Record<string, unknown> = {};
    const response = {
      headersSent: hasBegun,
      writeHead: (_: number, headers: object) => Object.assign(sent, headers),
      end: (body: string) => (sent['body'] = body),
      destroy: () => (sent['isDestroyed'] = true),
    };
    sendErrors(
      response as unknown as ServerResponse,
      makeError(null, toStop(new Refusal(code, 'no'))),
      status,
    );
    return sent;
  }

  it('says with each status what HTTP wants with it, and keeps it out of caches', () => {
    expect(send('unauthenticated', 401)).toMatchObject({
      'www-authenticate': 'Bearer realm="cardea"',
      'cache-control': 'no-store',
    });
    expect(send('overloaded', 503)).toMatchObject({ 'retry-after': '1' });
    expect(send('method_not_allowed', 405)).toMatchObject({ allow: 'POST, GET, DELETE' });
  });

  it('ends what has begun, since nothing can be said any more', () => {
    expect(send('overloaded', 503, true)).toEqual({ isDestroyed: true });
  });
});
