import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inSession, readReply, StdioScene, textOf, type Heard } from './scene/stdioScene.ts';

let scene: StdioScene;
let ann: string;
let bob: string;

beforeEach(async () => {
  scene = new StdioScene({ sharing: 'shared' });
  [ann, bob] = await Promise.all([scene.open(), scene.open()]);
});

afterEach(() => scene.close());

const callTool = (
  session: string,
  id: string | number,
  name: string,
  token?: string | number,
): Promise<Heard> => {
  const meta = token === undefined ? {} : { _meta: { progressToken: token } };
  const params = { name, arguments: { text: session, ms: 100 }, ...meta };
  return scene.hear({ id, method: 'tools/call', params }, inSession(session));
};

describe('sessions that share a process', () => {
  it('are sessions all the same', async () => {
    expect(ann).not.toBe(bob);
    expect(await scene.call(ann, 1, 'pid')).toBe(await scene.call(bob, 1, 'pid'));
  });

  it('get the answers to their own, under the ids that they gave', async () => {
    const answers = await Promise.all([
      callTool(ann, 1, 'echo'),
      callTool(bob, 1, 'echo'),
      callTool(ann, '1', 'echo'),
      callTool(bob, 2, 'later'),
    ]);
    expect(
      answers.map(({ text }) => [/"id":("?\d"?)/.exec(text)?.[1], /"text":"([^"]+)"/.exec(text)?.[1]]),
    ).toEqual([
      ['1', ann],
      ['1', bob],
      ['"1"', ann],
      ['2', 'late'],
    ]);
  });

  it('hear of the progress of their own, under the token that they gave, and only where they gave one', async () => {
    const [one, other, none] = await Promise.all([
      callTool(ann, 1, 'progress', 't'),
      callTool(bob, 1, 'progress', 7),
      callTool(ann, 2, 'progress'),
    ]);
    expect([one, other, none].map(({ text }) => /"progressToken":("?\w+"?)/.exec(text)?.[1])).toEqual([
      '"t"',
      '7',
      undefined,
    ]);
  });

  it('hear of changes together, and of what somebody else is told not at all', async () => {
    const listening = await Promise.all(
      [ann, bob].map((session) => scene.send(undefined, { method: 'GET', ...inSession(session) })),
    );
    const heard = listening.map(readReply);
    await callTool(ann, 1, 'log');
    await callTool(ann, 2, 'change');
    for (const session of [ann, bob])
      await scene.hear(undefined, { method: 'DELETE', ...inSession(session) });
    for (const { text } of await Promise.all(heard)) {
      expect(text).toContain('list_changed');
      expect(text).not.toContain('notifications/message');
    }
  });

  it('are not asked by the server, which learns that at once', async () => {
    const { text } = await callTool(ann, 1, 'ask');
    expect(text).not.toContain('roots/list');
    expect(await scene.call(bob, 1, 'answers')).toContain('"id":"question 1","error":{"code":-32601');
  });

  it("take back their own calls, and nobody else's", async () => {
    const waiting = [textOf(callTool(ann, 1, 'never')), textOf(callTool(bob, 1, 'never'))];
    const cancel = { method: 'notifications/cancelled', params: { requestId: 1 } };
    expect((await scene.hear(cancel, inSession(bob))).status).toBe(202);
    await scene.hear({ method: 'notifications/cancelled', params: { requestId: 99 } }, inSession(bob));
    const cancelled = JSON.parse(await scene.call(ann, 2, 'cancelled')) as number[];
    expect(cancelled).toHaveLength(1);
    await scene.hear(undefined, { method: 'DELETE', ...inSession(bob) });
    expect(JSON.parse(await scene.call(ann, 3, 'cancelled'))).toEqual([cancelled[0], cancelled[0]]);
    await scene.upstream.close();
    expect(await waiting[0]).toBe('upstream_unavailable');
  });

  it('outlive each other, and not their process', async () => {
    await scene.hear(undefined, { method: 'DELETE', ...inSession(ann) });
    expect(await scene.call(bob, 1, 'echo', { text: 'here' })).toBe('here');
    expect(await scene.call(bob, 2, 'exit')).toBe('upstream_unavailable');
    expect((await scene.hear({ id: 3, method: 'ping' }, inSession(bob))).status).toBe(404);
    expect(await scene.call(await scene.open(), 1, 'echo', { text: 'again' })).toBe('again');
  });

  it('take one message at a time', async () => {
    const batch = JSON.stringify([
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', id: 2, method: 'ping' },
    ]);
    await expect(scene.send(batch, inSession(ann))).rejects.toMatchObject({ code: 'batch_refused' });
  });
});
