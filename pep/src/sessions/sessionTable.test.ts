import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Refusal } from '@cardea/schemas/codes';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import type { Identity } from '../identify/identity.ts';
import type { Session } from './session.ts';
import { makeSealing } from './sealing.ts';
import { SealedIds } from './sealedId.ts';
import { sessionLimitsDefault } from './sessionLimits.ts';
import { SessionTable } from './sessionTable.ts';

const limits = { ...sessionLimitsDefault, sessionsMax: 4, perIdentityMax: 2, maxAgeMs: 5_000, idleMs: 1_000 };

const ann = sampleIdentity('ann');
const bob = sampleIdentity('bob');

let nowMs: number;
let table: SessionTable;
let replica: SessionTable;

beforeEach(() => {
  nowMs = 1_000_000;
  const { keys, organisation } = makeSealing({ organisation: 'acme', keys: [], limits: undefined });
  const options = { limits, ids: new SealedIds({ keys, organisation }), now: () => nowMs };
  table = new SessionTable(options);
  replica = new SessionTable(options);
});

const open = (upstreamId: string, identity: Identity = ann, server = 'desk'): Session | undefined =>
  table.open({ upstreamId, server, identity, protocol: '2025-11-25', changing: new Set(['prompts']) });
const openId = (upstreamId: string, identity: Identity = ann, server = 'desk'): string =>
  open(upstreamId, identity, server)?.id ?? 'none';

function codeOf(task: () => unknown): string {
  try {
    task();
    return 'found';
  } catch (refusal) {
    return (refusal as Refusal).code;
  }
}

const find = (id: string, identity: Identity = ann, server = 'desk', where = table): string =>
  codeOf(() => where.find(server, id, identity));
const findElsewhere = (id: string, identity: Identity = ann, server = 'desk'): string =>
  find(id, identity, server, replica);
const room = (identity: Identity): string =>
  codeOf(() => {
    table.requireRoom(identity);
  });

const foreign: readonly (readonly [string, (id: string) => string, Identity, string])[] = [
  ['another person', (id) => id, bob, 'desk'],
  ['another grant of the same person', (id) => id, sampleIdentity('ann', { id: 'g-2' }), 'desk'],
  ['another agent', (id) => id, sampleIdentity('ann', { agent: { id: 'other', groups: [] } }), 'desk'],
  ['another server', (id) => id, ann, 'stripe'],
  ['an id in another case', (id) => id.toUpperCase(), ann, 'desk'],
  ['an id with a space', (id) => `${id} `, ann, 'desk'],
  ['no id', () => '', ann, 'desk'],
  ['the name of a prototype', () => '__proto__', ann, 'desk'],
  ['the id that the server gave', () => 's', ann, 'desk'],
  ['an id without an end', (id) => id.repeat(40), ann, 'desk'],
];

describe('SessionTable', () => {
  it('finds a session for the identity that opened it', () => {
    const session = open('s');
    expect(table.find('desk', session?.id ?? '', ann)).toBe(session);
    expect(session).toMatchObject({
      upstreamId: 's',
      server: 'desk',
      createdMs: 1_000_000,
      isAdopted: false,
    });
  });

  it('finds one that another replica has opened, as a new one of the same age', () => {
    const id = openId('s');
    nowMs += 700;
    const session = replica.find('desk', id, ann);
    expect(session).toMatchObject({
      ...{ id, upstreamId: 's', server: 'desk', protocol: '2025-11-25', isAdopted: true },
      ...{ createdMs: 1_000_000, usedMs: nowMs, changing: new Set(['prompts']) },
    });
    expect(session.name).toBe(table.find('desk', id, ann).name);
    expect(replica.find('desk', id, ann)).toBe(session);
  });

  it.each(foreign)('knows no session of %s, here or in another replica', (_, change, identity, server) => {
    const id = change(openId('s'));
    expect(find(id, identity, server)).toBe('unknown_session');
    expect(findElsewhere(id, identity, server)).toBe('unknown_session');
    expect(replica.size).toBe(0);
  });

  it('keeps a session whose identity may do something else by now', () => {
    const id = openId('s');
    const changed = sampleIdentity('ann', { effects: ['read', 'write'] });
    expect([find(id, changed), findElsewhere(id, changed)]).toEqual(['found', 'found']);
  });

  it('shows nothing of what the server called it', () => {
    const { id, name } = open('a-name-of-the-server') as Session;
    expect(Buffer.from(id, 'base64url').toString('latin1') + id + name).not.toContain('a-name');
    expect(openId('a-name-of-the-server')).not.toBe(id);
  });

  it.each(['', ' ', 'a b', 'a\n', '\u00e9', 'a\0', 'x'.repeat(513)])('opens none under the id %j', (id) => {
    expect(open(id)).toBeUndefined();
    expect(table.size).toBe(0);
  });

  it('has an id of bounded length for the longest that a server may give', () => {
    expect(openId('x'.repeat(512)).length).toBeLessThan(1_024);
    expect(findElsewhere(openId('y'.repeat(512)))).toBe('found');
  });

  it('opens none under an id that somebody else uses', () => {
    const id = openId('s');
    expect(open('s', bob)).toBeUndefined();
    expect([find(id), find(id, bob)]).toEqual(['found', 'unknown_session']);
    expect(open('s', bob, 'stripe')).toBeDefined();
  });

  it('takes up none that the server has given to somebody else since', () => {
    const id = openId('s');
    replica.open({
      upstreamId: 's',
      server: 'desk',
      identity: bob,
      protocol: '2025-11-25',
      changing: new Set(),
    });
    expect(findElsewhere(id)).toBe('unknown_session');
  });

  it('begins anew under an id that the same identity has had', () => {
    const before = openId('a');
    nowMs += 1;
    const again = open('a') as Session;
    expect(table.find('desk', again.id, ann)).toBe(again);
    expect([table.size, room(ann), find(before)]).toEqual([1, 'found', 'unknown_session']);
    expect([findElsewhere(before), findElsewhere(again.id), findElsewhere(before)]).toEqual([
      'found',
      'found',
      'unknown_session',
    ]);
  });

  it('ends a session, and only once', () => {
    const [first, second] = [open('a'), open('b')] as [Session, Session];
    expect(table.isOver(first)).toBe(false);
    table.end(first);
    table.end(first);
    expect([find(first.id), find(second.id), table.size]).toEqual(['unknown_session', 'found', 1]);
    expect(table.isOver(first)).toBe(true);
    table.end(second);
    expect(room(ann)).toBe('found');
  });

  it('ends those that are idle for too long, and no others', () => {
    const [used, idle, busy] = [open('used'), open('idle'), open('busy', bob)] as [Session, Session, Session];
    nowMs += 600;
    used.usedMs = nowMs;
    busy.calls = 1;
    nowMs += 401;
    expect([find(used.id), find(idle.id), find(busy.id, bob)]).toEqual(['found', 'unknown_session', 'found']);
    expect(table.size).toBe(2);
    // What has ended here is not taken up again.
    expect(find(idle.id)).toBe('unknown_session');
  });

  it('ends those that are too old, however much they are used, in every replica', () => {
    const session = open('s') as Session;
    nowMs += 5_000;
    session.usedMs = nowMs;
    session.calls = 1;
    expect([find(session.id), findElsewhere(session.id)]).toEqual(['found', 'found']);
    nowMs += 1;
    expect(table.isOver(session)).toBe(true);
    expect([find(session.id), findElsewhere(session.id)]).toEqual(['unknown_session', 'unknown_session']);
  });

  it('ends none because a clock was set back', () => {
    const id = openId('s');
    nowMs -= 500_000;
    expect([find(id), findElsewhere(id)]).toEqual(['found', 'found']);
  });

  it('has room for so many of one identity', () => {
    const id = openId('a');
    expect(room(ann)).toBe('found');
    const other = openId('b');
    expect([room(ann), room(bob)]).toEqual(['overloaded', 'found']);
    expect([find(id), find(other)]).toEqual(['found', 'found']);
    table.end(table.find('desk', id, ann));
    expect(room(ann)).toBe('found');
  });

  it('has no more room for those of other replicas', () => {
    const ids = ['a', 'b', 'c'].map((id) => openId(id));
    expect(ids.map((id) => findElsewhere(id))).toEqual(['found', 'found', 'overloaded']);
    expect(replica.size).toBe(2);
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
