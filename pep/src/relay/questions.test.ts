// What servers want of clients: sampling, elicitation, roots.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@cardea/schemas/json';
import type { Verdict } from '../decide/verdict.ts';
import type { RelayContext } from './relay.ts';
import { defaultRelayLimits } from './relayLimits.ts';
import { asking, identity, makeSession } from './scene/makeContext.ts';
import type { Seen } from './scene/relayScene.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();

const question = (id: string | number, method = 'sampling/createMessage'): string =>
  `data: {"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"${method}","params":{"a":1}}\n\n`;
const answer = 'data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n';
const denial: Verdict = { kind: 'deny', code: 'forbidden', message: 'No sampling.', decisionId: 'd-7' };
const hold: Verdict = {
  kind: 'hold',
  code: 'held',
  message: 'Wait.',
  decisionId: 'd-8',
  approvers: ['leads'],
};

function stream(text: string, context: Partial<RelayContext> = { session: makeSession() }): Promise<Seen> {
  scene.script = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
  };
  return scene.ask(context);
}

function judging(judge: (method: string) => Verdict | Promise<Verdict>): void {
  scene.options = { ...scene.options, judge };
}

describe('a question of a server', () => {
  it('that is allowed reaches the client, which may answer it', async () => {
    const session = makeSession();
    const text = question('q-1') + question(7, 'roots/list') + answer;
    expect((await stream(text, { session })).text).toBe(text);
    expect([...session.questions]).toEqual([
      ['sq-1', undefined],
      ['n7', undefined],
    ]);
    expect(scene.told).toEqual([]);
  });

  it('on the stream of a session is judged too', async () => {
    const session = makeSession();
    const context = { session, httpMethod: 'GET', asked: new Map() } as const;
    judging((method) => (method === 'ping' ? { kind: 'allow', decisionId: 'd' } : denial));
    expect((await stream(question(1, 'ping') + question(2), context)).text).toBe(question(1, 'ping'));
    expect([...session.questions.keys()]).toEqual(['n1']);
  });

  it.each([
    ['denied', () => denial, { code: 'forbidden', verdict: 'deny' }],
    ['held', () => hold, { code: 'held', verdict: 'hold' }],
    ['not decided', () => Promise.reject(new Error('x')), { code: 'internal_fault', verdict: 'deny' }],
  ] as const)('that is %s is answered by us', async (_name, judge, data) => {
    judging(judge);
    const session = makeSession();
    expect((await stream(question('q-1') + answer, { session })).text).toBe(answer);
    expect(session.questions.size).toBe(0);
    expect(scene.told).toMatchObject([{ jsonrpc: '2.0', id: 'q-1', error: { data } }]);
    expect(scene.events).toMatchObject([
      { kind: 'denied', method: 'sampling/createMessage', code: data.code },
    ]);
  });

  it('where there is no session never reaches the client', async () => {
    expect((await stream(question(5) + answer, {})).text).toBe(answer);
    expect(scene.told).toMatchObject([{ id: 5, error: { code: -32_601 } }]);
  });

  it('in the stateless era is none', async () => {
    expect((await stream(question(5) + answer, { era: 'stateless' })).text).toBe(answer);
    expect(scene.told).toEqual([]);
    expect(scene.events).toEqual([{ kind: 'withheld', reason: 'unasked_request' }]);
  });

  it.each(['1.5', 'null', '9007199254740993', '{}'])('with the id %s is none', async (id) => {
    const odd = question(5).replace('"id":5', `"id":${id}`);
    expect((await stream(odd + answer)).text).toBe(answer);
  });

  it('waits for its verdict, and what follows waits behind it', async () => {
    judging(() => new Promise((resolve) => setTimeout(resolve, 30, { kind: 'allow', decisionId: 'd' })));
    const text = question(5) + answer;
    expect((await stream(text)).text).toBe(text);
  });

  it('is forgotten when there are too many, the oldest first', async () => {
    scene.options = { ...scene.options, limits: { ...defaultRelayLimits, questionsMax: 2 } };
    const session = makeSession();
    await stream([1, 2, 3, 3].map((id) => question(id)).join('') + answer, { session });
    expect([...session.questions.keys()]).toEqual(['n2', 'n3']);
  });

  it('that the server takes back is not answered', async () => {
    const session = makeSession();
    const cancelled =
      'data: {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}\n\n';
    expect((await stream(question(5) + cancelled + answer, { session })).text).toContain('cancelled');
    expect(session.questions.size).toBe(0);
  });
});

describe('a notification', () => {
  it.each([['sampling/createMessage'], ['notification/message'], ['Notifications/message'], ['tools/call']])(
    'named %s is none',
    async (method) => {
      expect((await stream(`data: {"jsonrpc":"2.0","method":"${method}"}\n\n${answer}`)).text).toBe(answer);
      expect(scene.events).toEqual([{ kind: 'withheld', reason: 'unknown_notification' }]);
    },
  );

  it.each([
    ['without a URI', '{"x":1}'],
    ['with two', '{"uri":"file:///a","URI":"file:///b"}'],
  ])('of an update %s is none', async (_name, params) => {
    const update = `data: {"jsonrpc":"2.0","method":"notifications/resources/updated","params":${params}}\n\n`;
    expect((await stream(update + answer)).text).toBe(answer);
  });
});

describe('input that a server requires', () => {
  const stateless = { era: 'stateless', asked: asking(['tools/call', 1]) } as const;
  const ask = { method: 'elicitation/create', params: { message: 'Sure?' } };
  const sample = { method: 'sampling/createMessage', params: {} };

  function requiring(
    inputRequests: unknown,
    more: JsonObject = { resultType: 'input_required' },
  ): Promise<Seen> {
    const result = { ...more, inputRequests, requestState: 's' };
    scene.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
    };
    return scene.ask(stateless);
  }

  it('and may, passes, and its state is sealed', async () => {
    const seen = await requiring({ a: ask, b: { method: 'roots/list' } });
    expect(JSON.parse(seen.text)).toMatchObject({
      result: { inputRequests: { a: ask }, requestState: 'sealed for tools/call: s' },
    });
    expect(scene.events).toEqual([]);
  });

  it.each([
    ['is marked as one', { resultType: 'input_required' }],
    ['is not marked', {}],
    ['is the state of a task', { resultType: 'complete', status: 'input_required' }],
  ])('and of which one part is denied, denies the whole when it %s', async (_name, more) => {
    judging((method) => (method === ask.method ? { kind: 'allow', decisionId: 'd' } : denial));
    const seen = await requiring({ a: ask, b: sample }, more);
    expect(seen.status).toBe(200);
    expect(JSON.parse(seen.text)).toMatchObject({
      id: 1,
      error: { code: -32_001, message: 'No sampling.', data: { code: 'forbidden', decisionId: 'd-7' } },
    });
    expect(scene.events).toContainEqual({
      kind: 'denied',
      method: sample.method,
      code: 'forbidden',
      decisionId: 'd-7',
    });
  });

  it.each<[string, unknown]>([
    ['no object', [ask]],
    ['a part that is none', { a: 'sampling/createMessage' }],
    ['a part without a method', { a: { params: {} } }],
    ['a part with two methods', { a: { ...ask, Method: 'x' } }],
    ['a part whose params are a list', { a: { method: 'roots/list', params: [] } }],
    [
      'more than clients can ask people',
      Object.fromEntries(Array.from({ length: 33 }, (_, at) => [at, ask])),
    ],
  ])('but in a form that is %s is refused', async (_name, requests) => {
    expect((await requiring(requests)).text).toContain('upstream_invalid');
  });

  it('under a key in capitals is refused', async () => {
    const seen = await requiring(undefined, { InputRequests: { a: sample } });
    expect(seen.text).toContain('upstream_invalid');
  });

  it('in a notification about a task is judged too', async () => {
    judging(() => denial);
    const params = JSON.stringify({ taskId: 't-1', inputRequests: { a: sample } });
    const call = { method: 'tools/call', type: 'Tool', id: 'desk/refund', input: undefined } as const;
    scene.options.tasks.keep({ server: 'desk', id: 't-1', identity, call, ttlMs: undefined });
    const task = `data: {"jsonrpc":"2.0","method":"notifications/tasks","params":${params}}\n\n`;
    expect((await stream(task + answer, stateless)).text).toBe(answer);
    expect(scene.events).toContainEqual({ kind: 'withheld', reason: 'denied_request' });
  });
});
