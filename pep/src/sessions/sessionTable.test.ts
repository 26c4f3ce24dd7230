import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Refusal } from '@cardea/schemas/codes';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import type { Identity } from '../identify/identity.ts';
import type { Session } from './session.ts';
import { SessionTable } from './sessionTable.ts';

const limits = { sessionsMax: 4, sessionsPerGrantMax: 2, idleMs: 1_000 };

const ann = sampleIdentity('ann');
const bob = sampleIdentity('bob');

let nowMs: number;
let table: SessionTable;

beforeEach(() => {
  nowMs = 1_000_000;
  table = new SessionTable(limits, () => nowMs);
});

const open = (id: string, identity: Identity = ann, server = 'desk'): Session | undefined =>
  table.open(id, { server, identity, protocol: '2025-11-25', changing: new Set() });

function codeOf(task: () => unknown): string {
  try {
    task();
    return 'found';
  } catch (refusal) {
    return (refusal as Refusal).code;
  }
}

const find = (id: string, identity: Identity = ann, server = 'desk'): string =>
  codeOf(() => table.find(server, id, identity));
const room = (identity: Identity): string =>
  codeOf(() => {
    table.requireRoom(identity);
  });

describe('SessionTable', () => {
  it('finds a session for the identity that opened it', () => {
    const session = open('s');
    expect(table.find('desk', 's', ann)).toBe(session);
    expect(session).toMatchObject({ id: 's', server: 'desk', protocol: '2025-11-25', createdMs: 1_000_000 });
  });

  it.each<[string, string, Identity, string]>([
    ['another person', 's', bob, 'desk'],
    ['another grant of the same person', 's', sampleIdentity('ann', { id: 'g-2' }), 'desk'],
    ['another agent', 's', sampleIdentity('ann', { agent: { id: 'other', groups: [] } }), 'desk'],
    ['another server', 's', ann, 'stripe'],
    ['an id in another case', 'S', ann, 'desk'],
    ['an id with a space', 's ', ann, 'desk'],
    ['no id', '', ann, 'desk'],
    ['the name of a prototype', '__proto__', ann, 'desk'],
  ])('knows no session of %s', (_, id, identity, server) => {
    open('s');
    expect(find(id, identity, server)).toBe('unknown_session');
  });

  it('keeps a session whose identity may do something else by now', () => {
    open('s');
    expect(find('s', sampleIdentity('ann', { effects: ['read', 'write'] }))).toBe('found');
  });

  it('tells no server and id from another by where they are cut', () => {
    open('b s', ann, 'a');
    expect([find('s', ann, 'a b'), find('b s', ann, 'a')]).toEqual(['unknown_session', 'unknown_session']);
  });

  it.each(['', ' ', 'a b', 'a\n', '\u00e9', 'a\0', 'x'.repeat(513)])('opens none under the id %j', (id) => {
    expect(open(id)).toBeUndefined();
    expect(table.size).toBe(0);
  });

  it('opens none under an id that somebody else uses', () => {
    open('s');
    expect(open('s', bob)).toBeUndefined();
    expect([find('s'), find('s', bob)]).toEqual(['found', 'unknown_session']);
    expect(open('s', bob, 'stripe')).toBeDefined();
  });

  it('begins anew under an id that the same identity has had', () => {
    open('a');
    const again = open('a');
    expect(table.find('desk', 'a', ann)).toBe(again);
    expect([table.size, room(ann)]).toEqual([1, 'found']);
  });

  it('ends a session, and only once', () => {
    const [first, second] = [open('a'), open('b')] as [Session, Session];
    table.end(first);
    table.end(first);
    expect([find('a'), find('b'), table.size]).toEqual(['unknown_session', 'found', 1]);
    table.end(second);
    expect(room(ann)).toBe('found');
  });

  it('ends those that are idle for too long, and no others', () => {
    const used = open('used');
    open('idle');
    nowMs += 600;
    if (used !== undefined) used.usedMs = nowMs;
    nowMs += 401;
    expect([find('used'), find('idle'), table.size]).toEqual(['found', 'unknown_session', 1]);
  });

  it('ends none because a clock was set back', () => {
    open('s');
    nowMs -= 500_000;
    expect(find('s')).toBe('found');
  });

  it('has room for so many of one grant', () => {
    open('a');
    expect(room(ann)).toBe('found');
    open('b');
    expect([room(ann), room(bob)]).toEqual(['overloaded', 'found']);
    table.end(table.find('desk', 'a', ann));
    expect(room(ann)).toBe('found');
  });

  it('has room for so many of all', () => {
    for (const id of ['a', 'b']) open(id);
    for (const id of ['c', 'd']) open(id, bob);
    expect(room(sampleIdentity('eve'))).toBe('overloaded');
  });

  it('makes room of those that are idle', () => {
    for (const id of ['a', 'b']) open(id);
    nowMs += 1_001;
    expect(room(ann)).toBe('found');
    expect(table.size).toBe(0);
  });
});
