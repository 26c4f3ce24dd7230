// Tasks of others: servers know a task by its id alone, and an id can be anybody's.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../pdp/test/testService.ts';
import { Caller, type Outcome } from '../caller.ts';
import { RecordingServer } from '../recordingServer.ts';
import { Stack } from '../stack.ts';
import { annToken, bobToken, callOf, rpc } from './attack.ts';
import { deskOptions } from './desk.ts';

const server = new RecordingServer();
let stack: Stack;
let ann: Caller;
let bob: Caller;

beforeAll(async () => {
  stack = await Stack.start(deskOptions(await server.start()));
  ann = new Caller(stack.url('desk'), annToken);
  bob = new Caller(stack.url('desk'), bobToken);
  server.answer = (_, response, body) => {
    const { id, method } = JSON.parse(body.toString()) as { id: number; method: string };
    const results: Readonly<Record<string, object>> = {
      'tools/call': { task: { taskId: 't-1', status: 'working', ttl: 60_000 } },
      'tasks/list': { tasks: [{ taskId: 't-1' }] },
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    const result = results[method] ?? { content: [] };
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  };
});

afterAll(async () => {
  ann.close();
  bob.close();
  await stack.stop();
  await server.stop();
});

const methods = ['tasks/get', 'tasks/result', 'tasks/cancel'];
const of = (caller: Caller, method: string, taskId = 't-1'): Promise<Outcome> =>
  caller.call({ body: rpc(method, { taskId }) });

describe('a task', () => {
  it('exists for whoever started it, and for nobody else', async () => {
    expect((await ann.call({ body: callOf('{"amount":1}') })).answer).toBe('200 passed');
    const received = server.received.length;
    for (const method of methods) {
      const foreign = await of(bob, method);
      expect(foreign.answer).toBe('200 not_offered -32602');
      expect(foreign.text).toBe((await of(bob, method, 'nothing')).text);
    }
    expect(server.received.length).toBe(received);
    for (const method of methods) expect((await of(ann, method)).answer).toBe('200 passed');
    expect((await bob.call({ body: rpc('tasks/list', {}) })).text).toContain('"tasks":[]');
    expect((await ann.call({ body: rpc('tasks/list', {}) })).text).toContain('t-1');
  });

  it('is out of reach when its call would be denied', async () => {
    const closed = `${deskOptions('').policies}
@id("no-refunds") forbid (principal, action == Action::"desk/refund", resource) when { context.input.amount == 1 };`;
    await stack.publish({ policies: closed });
    await until(async () => !(await of(ann, 'tasks/result')).answer.includes('passed'));
    expect((await of(ann, 'tasks/result')).answer).toBe('200 forbidden -32001');
  });
});
