import { afterEach, describe, expect, it } from '@jest/globals';
import { readReply, StdioScene, textOf, type Heard } from './scene/stdioScene.ts';

let scene: StdioScene;

afterEach(() => scene.close());

const claims = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

const messageOf = (id: number | string, name: string, args: object = {}): object => ({
  id,
  method: 'tools/call',
  params: { name, arguments: args, _meta: claims },
});

const ask = (caller: string, id: number | string, name: string, args: object = {}): Promise<Heard> =>
  scene.hear(messageOf(id, name, args), { era: 'stateless', caller });

describe('messages that stand for themselves', () => {
  it('share a process where one caller sends them, and no other', async () => {
    scene = new StdioScene();
    const [first, second, other] = await Promise.all([
      ask('ann', 1, 'pid'),
      ask('ann', 1, 'pid'),
      ask('bob', 1, 'pid'),
    ]);
    expect(first.text).toBe(second.text);
    expect(other.text).not.toBe(first.text);
  });

  it('share one for all where the server is shared', async () => {
    scene = new StdioScene({ sharing: 'shared' });
    const [first, other] = await Promise.all([ask('ann', 1, 'pid'), ask('bob', 1, 'pid')]);
    expect(other.text).toBe(first.text);
  });

  it('keep their ids, also where two clients have the same', async () => {
    scene = new StdioScene();
    const heard = await Promise.all(['a', 'b', 'c'].map((text) => ask('ann', 1, 'echo', { text })));
    expect(heard.map(({ text }) => [text.includes('"id":1'), /"text":"(\w)"/.exec(text)?.[1]])).toEqual([
      [true, 'a'],
      [true, 'b'],
      [true, 'c'],
    ]);
  });

  it('are taken back when the client leaves', async () => {
    scene = new StdioScene();
    let leave = (): void => undefined;
    const left = textOf(
      scene.hear(messageOf(1, 'never'), {
        era: 'stateless',
        caller: 'ann',
        signal: { onAbort: (end) => (leave = end) },
      }),
    );
    await ask('ann', 2, 'echo', { text: 'x' });
    leave();
    expect(await left).toBe('upstream_unavailable');
    expect((await ask('ann', 3, 'cancelled')).text).toContain('"text":"[1]"');
  });

  it('are taken back when a stream that has begun is read no more', async () => {
    scene = new StdioScene();
    const reply = await scene.send(
      {
        id: 1,
        method: 'tools/call',
        params: { name: 'flood', arguments: {}, _meta: { ...claims, progressToken: 1 } },
      },
      { era: 'stateless', caller: 'ann' },
    );
    reply.destroy();
    expect((await ask('ann', 2, 'echo', { text: 'x' })).text).toContain('"text":"x"');
  });

  it('are acknowledged where they only tell something', async () => {
    scene = new StdioScene();
    expect(
      (
        await scene.hear(
          { method: 'notifications/cancelled', params: { requestId: 1 } },
          { era: 'stateless' },
        )
      ).status,
    ).toBe(202);
  });

  it('have no stream to listen on', async () => {
    scene = new StdioScene();
    await ask('ann', 1, 'pid');
    expect(await readReply(await scene.send(undefined, { method: 'GET' }))).toMatchObject({ status: 400 });
  });
});
