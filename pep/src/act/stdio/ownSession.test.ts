import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/until.ts';
import { inSession, readReply, StdioScene, textOf, type SceneOptions } from './scene/stdioScene.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let scene: StdioScene;

const open = async (options: SceneOptions = {}): Promise<string> => {
  scene = new StdioScene(options);
  return scene.open();
};

afterEach(() => scene.close());

describe('a session', () => {
  it('begins with an id that nobody can guess, in the answer to initialize', async () => {
    scene = new StdioScene();
    const heard = await scene.hear({ id: 0, method: 'initialize', params: {} });
    expect(heard).toMatchObject({ status: 200, type: 'application/json' });
    expect(heard.session).toMatch(/^[\w-]{32}$/);
    expect(heard.text).toMatch(/^\{"jsonrpc":"2\.0","id":0,"result":/);
  });

  it('has a process of its own', async () => {
    const first = await open();
    const second = await scene.open();
    expect(await scene.call(first, 1, 'pid')).not.toBe(await scene.call(second, 1, 'pid'));
  });

  it.each([
    ['without one', undefined, 400],
    ['in one that there is not', 'made up', 404],
  ])('is needed: a call %s is refused', async (_, session, status) => {
    scene = new StdioScene();
    const headers: Record<string, string> = session === undefined ? {} : { 'mcp-session-id': session };
    const heard = await scene.hear({ id: 1, method: 'ping' }, { headers });
    expect([heard.status, heard.text]).toEqual([status, expect.stringContaining('"id":null')]);
  });

  it('ends with a DELETE, and nobody can go on with it', async () => {
    const session = await open();
    const ended = await scene.hear(undefined, { method: 'DELETE', ...inSession(session) });
    const after = await scene.hear({ id: 1, method: 'ping' }, inSession(session));
    expect([ended.status, after.status]).toEqual([200, 404]);
  });

  it('ends when nobody has used it for a while, but not while somebody listens', async () => {
    const used = await open({ idleMs: 100 });
    const listening = await scene.send(undefined, { method: 'GET', ...inSession(used) });
    listening.on('data', () => undefined);
    const unused = await scene.open();
    const statusOf = async (session: string): Promise<number> =>
      (await scene.hear({ id: 'ping', method: 'ping' }, inSession(session))).status;
    await new Promise((resolve) => setTimeout(resolve, 2_300));
    expect([await statusOf(unused), await statusOf(used)]).toEqual([404, 200]);
  });

  it('is refused where there are too many', async () => {
    await open({ sessionsMax: 1 });
    await expect(scene.open()).rejects.toMatchObject({ code: 'overloaded' });
  });
});

describe('what goes in', () => {
  it('is what was judged, on one line', async () => {
    const session = await open();
    const body =
      '{\n "jsonrpc":"2.0","id":1,\r\n"method":"tools/call",\t"params":{"name":"echo",\n"arguments":{"text":"a\\nb"}}}\n';
    expect(await textOf(scene.hear(body, inSession(session)))).toBe('a\\nb');
  });

  it('is acknowledged where it asks nothing', async () => {
    const session = await open();
    const answer = { id: 'question 1', result: { roots: [] } };
    expect(await scene.hear(answer, inSession(session))).toMatchObject({ status: 202, text: '' });
    expect(await scene.call(session, 1, 'answers')).toContain('question 1');
  });

  it('keeps ids apart: one that waits is not used again', async () => {
    const session = await open();
    const waiting = scene.call(session, 1, 'later', { ms: 100 });
    expect([
      await scene.call(session, 1, 'echo', { text: 'x' }),
      await scene.call(session, '1', 'echo', { text: 'x' }),
    ]).toEqual(['invalid_request', 'x']);
    expect(await waiting).toBe('late');
  });

  it('may be an array of messages, whose answers come as they come', async () => {
    const session = await open();
    const batch = [1, 2].map((id) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: `${id}` } },
    }));
    const heard = await scene.hear(JSON.stringify(batch), inSession(session));
    expect([heard.type, heard.text.match(/"id":\d/g)]).toEqual(['text/event-stream', ['"id":1', '"id":2']]);
  });
});

describe('what comes out', () => {
  it('is a stream where something comes before the answer', async () => {
    const session = await open();
    const params = { name: 'progress', arguments: {}, _meta: { progressToken: 'p' } };
    const heard = await scene.hear({ id: 1, method: 'tools/call', params }, inSession(session));
    expect(heard.type).toBe('text/event-stream');
    expect(heard.text).toMatch(
      /^event: message\ndata: \{.*"progressToken":"p".*\}\n\nevent: message\ndata: \{.*"id":1.*\}\n\n$/,
    );
  });

  it('goes where the client listens when no call is under way, and waits until it does', async () => {
    const session = await open();
    await scene.call(session, 1, 'log');
    await scene.hear(
      { id: 2, method: 'tools/call', params: { name: 'change' } },
      { headers: { 'mcp-session-id': session, accept: 'application/json' } },
    );
    const heard = readReply(await scene.send(undefined, { method: 'GET', ...inSession(session) }));
    await scene.hear(undefined, { method: 'DELETE', ...inSession(session) });
    expect(await heard).toMatchObject({
      type: 'text/event-stream',
      text: expect.stringContaining('list_changed'),
    });
  });

  it('finds the call of its token among several, and the rest the stream that is listened on', async () => {
    const session = await open();
    const heard = readReply(await scene.send(undefined, { method: 'GET', ...inSession(session) }));
    const late = scene.call(session, 1, 'later', { ms: 200 });
    const params = { name: 'progress', arguments: {}, _meta: { progressToken: 7 } };
    const told = await scene.hear({ id: 2, method: 'tools/call', params }, inSession(session));
    const logged = await scene.hear(
      { id: 3, method: 'tools/call', params: { name: 'log' } },
      inSession(session),
    );
    expect([told.text, logged.type, await late]).toEqual([
      expect.stringContaining('"progressToken":7'),
      'application/json',
      'late',
    ]);
    await scene.hear(undefined, { method: 'DELETE', ...inSession(session) });
    expect((await heard).text).toMatch(/^event: message\ndata: \{.*notifications\/message.*\}\n\n$/);
  });

  it('brings what the server asks to the call that is under way', async () => {
    const session = await open();
    const heard = await scene.hear(
      { id: 1, method: 'tools/call', params: { name: 'ask' } },
      inSession(session),
    );
    expect(heard.text).toContain('"id":"question 1","method":"roots/list"');
  });

  it('answers nobody with what nobody has asked', async () => {
    const session = await open();
    expect(
      (await scene.hear({ id: 1, method: 'tools/call', params: { name: 'unasked' } }, inSession(session)))
        .text,
    ).not.toContain('4711');
  });

  it('does not run ahead of a client that reads slowly', async () => {
    const session = await open();
    const params = { name: 'flood', arguments: {}, _meta: { progressToken: 1 } };
    const reply = await scene.send({ id: 1, method: 'tools/call', params }, inSession(session));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const held = reply.readableLength;
    const { text } = await readReply(reply);
    expect(held).toBeLessThan(500_000);
    expect(text.match(/"progress":/g)).toHaveLength(1_000);
  });
});

describe('a client that leaves', () => {
  it('finds the answer where it listens', async () => {
    const session = await open();
    let leave = (): void => undefined;
    const left = scene.hear(
      { id: 1, method: 'tools/call', params: { name: 'later', arguments: { ms: 150 } } },
      { ...inSession(session), signal: { onAbort: (end) => (leave = end) } },
    );
    leave();
    await expect(left).rejects.toMatchObject({ code: 'upstream_unavailable' });
    const listening = await scene.send(undefined, { method: 'GET', ...inSession(session) });
    let text = '';
    listening.on('data', (chunk) => (text += String(chunk)));
    await until(() => text.includes('late'));
    expect(await scene.call(session, 2, 'cancelled')).toBe('[]');
  });
});

describe('a server', () => {
  it('that never answers is told that nobody waits any more', async () => {
    const session = await open({ answerMs: 1_000 });
    expect(await scene.call(session, 1, 'never')).toBe('upstream_timeout');
    expect(await scene.call(session, 2, 'cancelled')).toBe('[1]');
  });

  it('that ends in the middle of a call ends the session with it', async () => {
    const session = await open();
    const waiting = scene.call(session, 1, 'never');
    expect([await scene.call(session, 2, 'exit'), await waiting]).toEqual([
      'upstream_unavailable',
      'upstream_unavailable',
    ]);
    expect((await scene.hear({ id: 3, method: 'ping' }, inSession(session))).status).toBe(404);
    expect(scene.events).toEqual(['ended']);
  });

  it('that makes noise is heard through it, and reported once', async () => {
    const session = await open({ habits: ['noisy', 'complains'] });
    expect(await scene.call(session, 1, 'echo', { text: 'still here' })).toBe('still here');
    expect(scene.events).toEqual(['noise']);
  });

  it('that writes a line of 100 MB is heard after it, and reported once', async () => {
    const session = await open();
    const before = readHeld();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, readHeld() - before)), 50);
    for (const id of [1, 2])
      expect(await scene.call(session, id, 'long', { bytes: 100_000_000 })).toBe('after a long line');
    clearInterval(watch);
    // One that was kept would be there whole.
    expect(most).toBeLessThan(80_000_000);
    expect(scene.events).toEqual(['too_long']);
  });

  it('that ends at once is started only so often, and tried again after a while', async () => {
    scene = new StdioScene({ habits: ['exits'], restartsMax: 3 });
    const codes: string[] = [];
    const startMs = performance.now();
    for (let at = 0; at < 6; at += 1)
      codes.push(await textOf(scene.hear({ id: 1, method: 'initialize', params: {} })));
    expect(new Set(codes)).toEqual(new Set(['upstream_unavailable']));
    expect(scene.events).toEqual(['ended', 'ended', 'ended', 'left_alone']);
    await new Promise((resolve) => setTimeout(resolve, 1_000 - (performance.now() - startMs) + 1_000));
    await textOf(scene.hear({ id: 1, method: 'initialize', params: {} }));
    expect(scene.events.filter((what) => what === 'ended')).toHaveLength(4);
  });

  it('that is not there cannot be reached', async () => {
    scene = new StdioScene({ words: ['/no/such/program'] });
    expect(await textOf(scene.hear({ id: 1, method: 'initialize', params: {} }))).toBe(
      'upstream_unavailable',
    );
  });
});

/** What the collector would leave. */
function readHeld(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
