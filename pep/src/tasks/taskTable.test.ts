import { beforeEach, describe, expect, it } from '@jest/globals';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import type { Target } from '../resolve/target.ts';
import { TaskTable } from './taskTable.ts';

const ann = sampleIdentity('ann');
const eve = sampleIdentity('eve');
const call: Target = { method: 'tools/call', type: 'Tool', id: 'desk/refund', input: { a: 'xxxx' } };

let nowMs: number;
let tasks: TaskTable;

beforeEach(() => {
  nowMs = 1_000;
  tasks = new TaskTable(
    { tasksMax: 4, tasksPerGrantMax: 3, inputCharactersMax: 50, lifetimeMs: 10_000 },
    () => nowMs,
  );
});

function keep(id: string, more: Partial<Parameters<TaskTable['keep']>[0]> = {}): void {
  tasks.keep({ server: 'desk', id, identity: ann, call, ttlMs: undefined, ...more });
}

const known = (...ids: readonly string[]): boolean[] =>
  ids.map((id) => tasks.find('desk', id, ann) !== undefined);

describe('a task', () => {
  it('is known to whoever started it, at its server', () => {
    keep('1');
    expect(tasks.find('desk', '1', ann)).toBe(call);
    expect(tasks.find('desk', '1', { ...ann, digest: 'other', words: eve.words })).toBe(call);
    expect(tasks.find('other', '1', ann)).toBe(undefined);
    expect(tasks.find('desk', '2', ann)).toBe(undefined);
  });

  it.each([
    ['person', { ...ann, person: eve.person }],
    ['agent', { ...ann, agent: { id: 'another', groups: [] } }],
    ['grant', { ...ann, grant: { ...ann.grant, id: 'another' } }],
  ])('is not known to another %s', (_, other) => {
    keep('1');
    expect(tasks.find('desk', '1', other)).toBe(undefined);
  });

  it('ends when its server says so, or its time is over', () => {
    keep('short', { ttlMs: 100 });
    keep('long', { ttlMs: 1e9 });
    nowMs += 101;
    expect(known('short', 'long')).toEqual([false, true]);
    nowMs += 10_000;
    expect(known('long')).toEqual([false]);
    expect(tasks.size).toBe(0);
  });

  it('belongs to the last one whom its server gave it', () => {
    keep('1', { identity: eve });
    keep('1');
    expect(tasks.find('desk', '1', eve)).toBe(undefined);
    expect(known('1')).toEqual([true]);
    expect(tasks.size).toBe(1);
  });

  it('goes where there are too many, of its own grant first', () => {
    keep('eve', { identity: eve });
    for (const id of ['1', '2', '3', '4']) keep(id, { call: { ...call, input: {} } });
    expect(known('1', '2', '3', '4')).toEqual([false, true, true, true]);
    expect(tasks.find('desk', 'eve', eve)).toBeDefined();
    keep('eve 2', { identity: eve, call: { ...call, input: {} } });
    expect(tasks.find('desk', 'eve', eve)).toBe(undefined);
    expect(tasks.size).toBe(4);
  });

  it('goes where the arguments of all are too much', () => {
    keep('1');
    keep('2', { call: { ...call, input: { a: 'x'.repeat(40) } } });
    expect(known('1', '2')).toEqual([false, true]);
    keep('3', { call: { ...call, input: { a: 'x'.repeat(50) } } });
    expect(tasks.size).toBe(0);
  });

  it('has an id that can be kept', () => {
    keep('x'.repeat(513));
    expect(tasks.size).toBe(0);
  });
});
