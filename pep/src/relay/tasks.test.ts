// Calls that go on as tasks: who gets to hear of which.
import { describe, expect, it } from '@jest/globals';
import { idKey } from '../admit/message.ts';
import { asking, identity, makeSession } from './scene/makeContext.ts';
import { answering, events, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();
const call = new Map([
  [idKey(1), { id: 1, method: 'tools/call', params: { name: 'refund', arguments: { amount: 7 } } }],
]);
const answer = (result: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result });
const start = async (result: object): Promise<string> => {
  scene.script = answering(200, json, answer(result));
  return (await scene.ask({ asked: call })).text;
};
const find = (id: string): unknown => scene.options.tasks.find('desk', id, identity);

describe('a call that becomes a task', () => {
  it.each([
    ['in 2025-11-25', { task: { taskId: 't-1', status: 'working', ttl: null } }],
    ['in 2026-07-28', { resultType: 'task', taskId: 't-1', status: 'working', ttlMs: 60_000 }],
  ])('is its caller’s %s', async (_, result) => {
    expect(await start(result)).toBe(answer(result));
    expect(find('t-1')).toEqual({
      method: 'tools/call',
      type: 'Tool',
      id: 'desk/refund',
      input: { amount: 7 },
    });
    expect(find('t-2')).toBe(undefined);
  });

  it('is none in the answer to anything else', async () => {
    scene.script = answering(200, json, answer({ taskId: 't-1', status: 'working' }));
    await scene.ask({ asked: asking(['tasks/get', 1]) });
    expect(find('t-1')).toBe(undefined);
  });

  it('is not one that only some readers see', async () => {
    expect(JSON.parse(await start({ Task: { taskId: 't-1' } }))).toMatchObject({
      error: { data: { code: 'upstream_invalid' } },
    });
  });
});

describe('a list of tasks', () => {
  it('holds those of its reader', async () => {
    await start({ task: { taskId: 't-1' } });
    const tasks = [
      { taskId: 't-0' },
      { taskId: 't-1', status: 'working' },
      { taskId: 't-1', TaskId: 't-0' },
      't-1',
    ];
    scene.script = answering(200, json, answer({ tasks, nextCursor: 'c' }));
    const { text } = await scene.ask({ asked: asking(['tasks/list', 1]) });
    expect(text).toBe(answer({ tasks: [{ taskId: 't-1', status: 'working' }], nextCursor: 'c' }));
    expect(scene.events).toEqual([{ kind: 'filtered', list: 'tasks', count: 3, names: [] }]);
  });

  it('is a list', async () => {
    scene.script = answering(200, json, answer({ tasks: { 0: { taskId: 't-0' } } }));
    const { text } = await scene.ask({ asked: asking(['tasks/list', 1]) });
    expect(JSON.parse(text)).toMatchObject({ error: { data: { code: 'upstream_invalid' } } });
  });
});

describe('a notification about a task', () => {
  it('reaches whoever started it', async () => {
    await start({ task: { taskId: 't-1' } });
    const tell = (taskId: string): string =>
      `data: {"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"${taskId}"}}\n\n`;
    scene.script = answering(200, events, tell('t-0') + tell('t-1'));
    const context = { session: makeSession(), httpMethod: 'GET', asked: new Map() } as const;
    expect((await scene.ask(context)).text).toBe(tell('t-1'));
    expect(scene.events).toEqual([{ kind: 'withheld', reason: 'foreign_task' }]);
  });
});
