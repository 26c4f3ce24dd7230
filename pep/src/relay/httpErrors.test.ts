// Servers that fail in the words of HTTP.
import { describe, expect, it } from '@jest/globals';
import type { RelayContext } from './relay.ts';
import { asking, makeSession } from './scene/makeContext.ts';
import type { Script, Seen } from './scene/relayScene.ts';
import { answering, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();

const answer = '{"jsonrpc":"2.0","id":1,"result":{}}';
const note = 'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n';

async function ask(script: Script, context: Partial<RelayContext> = {}): Promise<Seen> {
  scene.script = script;
  return scene.ask(context);
}

describe('an error of HTTP', () => {
  const complaint = '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Method not allowed."},"id":null}';

  it.each([400, 404, 405, 406, 409, 429, 500, 503])(
    'of %d passes where it says so in JSON-RPC',
    async (status) => {
      const headers = { ...json, 'retry-after': '7', allow: 'POST' };
      const error = '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"scripted"}}';
      const seen = await ask(answering(status, headers, error));
      expect(seen).toMatchObject({ status, headers, text: error, outcome: { end: 'complete' } });
      const complained = await ask(answering(status, headers, complaint), {
        httpMethod: 'GET',
        asked: new Map(),
      });
      expect(complained).toMatchObject({ status, headers, text: complaint });
    },
  );

  it.each([
    [400, 400],
    [404, 404],
    [405, 405],
    [406, 406],
    [409, 409],
    [413, 413],
    [415, 415],
    [429, 429],
    [503, 503],
    [402, 502],
    [418, 502],
    [500, 502],
    [502, 502],
    [504, 502],
  ])('of %d with any other body is %d, with an error of ours', async (status, shown) => {
    for (const [type, body] of [
      ['text/html', '<h1>Not here</h1>'],
      ['application/json', '{"detail":"Not here"}'],
      ['application/json', 'Not here'],
      ['text/event-stream', note],
      ['application/json', ''],
    ] as const) {
      const seen = await ask(answering(status, { 'content-type': type, allow: 'POST' }, body));
      expect(seen).toMatchObject({ status: shown, headers: { ...json, allow: 'POST' } });
      expect(JSON.parse(seen.text)).toMatchObject({ id: 1, error: { data: { code: 'upstream_error' } } });
      expect(seen.outcome).toMatchObject({ end: 'failed', code: 'upstream_error' });
    }
  });

  it.each([401, 403])("of %d is about our credential, and none of the client's business", async (status) => {
    const headers = { ...json, 'www-authenticate': 'Bearer realm="inner"', 'set-cookie': 'a=1' };
    const seen = await ask(answering(status, headers, answer));
    expect(seen.status).toBe(502);
    expect(Object.keys(seen.headers).sort()).toEqual([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
    ]);
    expect(JSON.parse(seen.text)).toMatchObject({ error: { data: { code: 'upstream_credential' } } });
  });

  it.each([300, 301, 302, 304, 307, 308])('of %d is neither followed nor passed on', async (status) => {
    const seen = await ask(answering(status, { ...json, location: 'http://inner.example/' }, answer));
    expect(seen.status).toBe(502);
    expect(seen.headers['location']).toBeUndefined();
    expect(seen.text).toContain('upstream_invalid');
  });

  it('answers each of several requests', async () => {
    const session = makeSession({ protocol: '2025-03-26' });
    const seen = await ask(answering(500, {}), { session, asked: asking(['ping', 1], ['ping', 'a']) });
    expect(JSON.parse(seen.text)).toMatchObject([{ id: 1 }, { id: 'a' }]);
  });

  it('that says which request it is about in a way of its own is told as ours', async () => {
    const error = '{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Bad Request"}}';
    const seen = await ask(answering(400, json, error));
    expect(seen.status).toBe(400);
    expect(JSON.parse(seen.text)).toMatchObject({ id: 1, error: { data: { code: 'upstream_error' } } });
  });
});
