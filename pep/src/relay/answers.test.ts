// What is asked gets one answer, be it that there is none.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@cardea/schemas/json';
import type { RelayContext } from './relay.ts';
import { asking, makeSession } from './scene/makeContext.ts';
import type { Script, Seen } from './scene/relayScene.ts';
import { answering, beginning, events, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();

const answer = '{"jsonrpc":"2.0","id":1,"result":{}}';
const note = 'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n';

async function ask(script: Script, context: Partial<RelayContext> = {}): Promise<Seen> {
  scene.script = script;
  return scene.ask(context);
}

const lastEvent = ({ text }: Seen): JsonObject => JSON.parse(text.split('data: ').at(-1) ?? '') as JsonObject;

describe('a reply that answers nothing', () => {
  it.each([
    ['of status 200 without a body', answering(200, {})],
    ['of status 204', answering(204, {})],
    ['of status 202 where there is no session', answering(202, {})],
    ['that is a notification', answering(200, json, note.slice(6).trim())],
    ['that is a question', answering(200, json, '{"jsonrpc":"2.0","id":1,"method":"ping"}')],
    [
      'that complains of nothing in particular',
      answering(200, json, '{"jsonrpc":"2.0","error":{"code":1,"message":"m"}}'),
    ],
    ['that is a stream of nothing', answering(200, events, '')],
    ['that is a stream of comments', answering(200, events, ': a\n\n')],
    ['that is a stream whose answer cannot be read', answering(200, events, 'id: 1\ndata: {"jsonrpc"\n\n')],
    ['that is an image', answering(200, { 'content-type': 'image/png' }, 'x')],
    ['that is coded', answering(200, { ...json, 'content-encoding': 'br' }, 'x')],
  ])('%s is an error', async (_name, script) => {
    const seen = await ask(script);
    expect(lastEvent(seen)).toMatchObject({ id: 1, error: { data: { code: 'upstream_invalid' } } });
    expect(seen.outcome).toMatchObject({ end: 'failed', code: 'upstream_invalid' });
    expect(seen.end).toBe('complete');
  });

  it('to one who only listens is an error too', async () => {
    const seen = await ask(answering(200, json, answer), { httpMethod: 'GET', asked: new Map() });
    expect(seen.status).toBe(502);
  });

  it('leaves a client to come back that can', async () => {
    const seen = await ask(answering(200, events, 'id: 1\nretry: 10\ndata: \n\n'), {
      session: makeSession(),
    });
    expect(seen).toMatchObject({
      text: 'id: 1\nretry: 10\ndata: \n\n',
      end: 'complete',
      outcome: { end: 'complete' },
    });
  });

  it('leaves no client to come back for what could not be read', async () => {
    const seen = await ask(answering(200, events, 'id: 1\ndata: \n\nid: 2\ndata: {\n\n'));
    expect(lastEvent(seen)).toMatchObject({ id: 1, error: { data: { code: 'upstream_invalid' } } });
  });

  it('leaves a subscription as the server left it', async () => {
    const asked = asking(['subscriptions/listen', 1]);
    expect(await ask(answering(200, events, note), { era: 'stateless', asked })).toMatchObject({
      text: note,
    });
  });

  it('to an array may be one where there is no session', async () => {
    const asked = asking(['ping', 1]);
    const seen = await ask(answering(200, json, `[${answer}]`), { asked, isBatch: true });
    expect(seen).toMatchObject({ status: 200, text: `[${answer}]` });
  });

  it('to some of several requests is completed', async () => {
    const session = makeSession({ protocol: '2025-03-26' });
    const asked = asking(['ping', 1], ['ping', 2]);
    const seen = await ask(answering(200, json, `[${answer}]`), { session, asked });
    expect(JSON.parse(seen.text)).toMatchObject([
      { id: 1, result: {} },
      { id: 2, error: { code: -32_603 } },
    ]);
  });
});

describe('an answer', () => {
  it('is given once', async () => {
    const event = `data: ${answer}\n\n`;
    const seen = await ask(answering(200, events, event + event));
    expect(seen.text).toBe(event);
    expect(scene.events).toEqual([{ kind: 'withheld', reason: 'unasked_answer' }]);
  });

  it('is not given to what another request asked', async () => {
    const session = makeSession({ asked: new Map([['n2', 'tools/call']]) });
    const seen = await ask(
      answering(200, events, `data: ${answer.replace('1', '2')}\n\ndata: ${answer}\n\n`),
      { session },
    );
    expect(seen.text).toBe(`data: ${answer}\n\n`);
  });

  it('may come on the stream that a session listens to, once', async () => {
    const session = makeSession({ asked: new Map([['n1', 'tools/call']]) });
    const event = `data: ${answer}\n\n`;
    const context = { httpMethod: 'GET', asked: new Map(), session } as const;
    expect((await ask(answering(200, events, event + event), context)).text).toBe(event);
    expect(session.asked.size).toBe(0);
    expect((await ask(answering(200, events, event), context)).text).toBe('');
  });

  it('that is none is an error at once, and the stream goes on', async () => {
    const bad = 'id: 3\ndata: {"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}\n\n';
    const seen = await ask(answering(200, events, bad + note));
    expect(seen.text).toMatch(/^id: 3\ndata: \{"jsonrpc":"2\.0","id":1,"error":/);
    expect(seen.text.endsWith(note)).toBe(true);
  });

  it('may come after a frame that cannot be read', async () => {
    const seen = await ask(answering(200, events, `data: {\n\ndata: ${answer}\n\n`));
    expect(seen).toMatchObject({ text: `data: ${answer}\n\n`, outcome: { end: 'complete' } });
  });

  it('is complete where the stream ends with it', async () => {
    const seen = await ask(beginning(events, `data: ${answer}\n\n`, (response) => void response.end()));
    expect(seen).toMatchObject({ end: 'complete', outcome: { end: 'complete' } });
  });
});
