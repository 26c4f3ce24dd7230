import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, type Digest } from '@cardea/schemas/digest';
import { generateKey, signJson, signNote } from '@cardea/schemas/note';
import fc from 'fast-check';
import { AuthorityReceiver, skewMs, type Floor, type FloorStore } from './authorityReceiver.ts';
import { FloorFile } from './floorFile.ts';
import { issueStatement, lifetimeMsMax } from './statement.ts';

const signer = generateKey('authority.example');
const stranger = generateKey('authority.example');
const start = Date.parse('2026-11-20T12:00:00.000Z');
const one = digestOf('one');
const two = digestOf('two');

interface Stated {
  readonly organisation: string;
  readonly seq: number;
  readonly bundle: Digest;
  readonly revocations: number;
  readonly at: number;
  readonly lifetimeMs: number;
}

/** A statement as the signer writes it; `at` is in milliseconds from the start. */
const state = (change: Partial<Stated> = {}): Uint8Array => {
  const all = {
    organisation: 'acme',
    seq: 5,
    bundle: one,
    revocations: 3,
    at: 0,
    lifetimeMs: 30_000,
    ...change,
  };
  return issueStatement(signer, all, { now: () => start + all.at, ...all });
};

/** A receiver whose clock stands at `clock.now`. */
const receiverAt = (
  now: number,
  floors?: FloorStore,
): { clock: { now: number }; receiver: AuthorityReceiver } => {
  const clock = { now: start + now };
  const options = { verifiers: [signer.verifier], organisation: 'acme', now: () => clock.now };
  return { clock, receiver: new AuthorityReceiver(floors === undefined ? options : { ...options, floors }) };
};

describe('AuthorityReceiver.receive', () => {
  it('accepts what the signer says, and tells whether anything changed by it', () => {
    const { clock, receiver } = receiverAt(0);
    expect(receiver.receive(state())).toMatchObject({ kind: 'accepted', changed: true });
    expect(receiver.receive(state())).toMatchObject({ kind: 'accepted', changed: false });
    clock.now += 1_000;
    expect(receiver.receive(state({ at: 1_000 }))).toMatchObject({ kind: 'accepted', changed: false });
    expect(receiver.receive(state({ at: 1_000, revocations: 4 }))).toMatchObject({ changed: true });
    expect(receiver.receive(state({ seq: 6, bundle: two, revocations: 4 }))).toMatchObject({ changed: true });
    expect(receiver.current).toMatchObject({ seq: 6, bundle: two, revocations: 4, organisation: 'acme' });
  });

  it('takes a rollback: a higher seq with an older bundle', () => {
    const { receiver } = receiverAt(0);
    receiver.receive(state({ seq: 1, bundle: one }));
    receiver.receive(state({ seq: 2, bundle: two }));
    expect(receiver.receive(state({ seq: 3, bundle: one }))).toMatchObject({
      kind: 'accepted',
      changed: true,
    });
    expect(receiver.receive(state({ seq: 2, bundle: two }))).toMatchObject({ code: 'statement_lowered' });
  });

  const text = (value: object): Uint8Array =>
    signNote(`cardea/authority/1\n${JSON.stringify(value)}\n`, signer);
  const fields = {
    bundle: one,
    issuedAt: '2026-11-20T12:00:10.000Z',
    notAfter: '2026-11-20T12:00:40.000Z',
    organisation: 'acme',
    revocations: 3,
    seq: 9,
  };
  it.each<[string, Uint8Array, string]>([
    ['a lowered seq', state({ seq: 4, at: 10_000 }), 'statement_lowered'],
    ['fewer revocations', state({ revocations: 2, at: 10_000 }), 'statement_lowered'],
    [
      'fewer revocations under a higher seq',
      state({ seq: 6, revocations: 2, at: 9_000 }),
      'statement_lowered',
    ],
    ['an earlier statement again', state({ at: 4_999 }), 'statement_replayed'],
    ['the same seq with another bundle', state({ bundle: two, at: 10_000 }), 'statement_conflicting'],
    ['an expired one', state({ seq: 6, at: -20_000 }), 'statement_expired'],
    ['one from the future', state({ seq: 6, at: 10_001 + skewMs }), 'statement_from_future'],
    ['that of another organisation', state({ organisation: 'evil', seq: 6, at: 9_000 }), 'statement_foreign'],
    [
      'one by a stranger under the same name',
      signJson('cardea/authority/1', fields, stranger),
      'statement_forged',
    ],
    [
      'another kind of note by the same key',
      signJson('cardea/head/1', fields, signer),
      'statement_malformed',
    ],
    ['no note', new TextEncoder().encode('{"seq":9}'), 'statement_malformed'],
    ['nothing', new Uint8Array(), 'statement_malformed'],
    ['a field too many', text({ ...fields, zeal: 1 }), 'statement_malformed'],
    ['a field too few', text({ ...fields, seq: undefined }), 'statement_malformed'],
    ['a seq of zero', text({ ...fields, seq: 0 }), 'statement_malformed'],
    ['a seq that is no integer', text({ ...fields, seq: 9.5 }), 'statement_malformed'],
    ['a seq beyond the safe integers', text({ ...fields, seq: 2 ** 60 }), 'statement_malformed'],
    ['a digest that is none', text({ ...fields, bundle: 'sha256:1' }), 'statement_malformed'],
    [
      'a day that does not exist',
      text({ ...fields, issuedAt: '2026-11-31T12:00:00.000Z' }),
      'statement_malformed',
    ],
    [
      'a time in another zone',
      text({ ...fields, issuedAt: '2026-11-20T13:00:10.000+01:00' }),
      'statement_malformed',
    ],
    [
      'an end before the start',
      text({ ...fields, notAfter: '2026-11-20T12:00:09.000Z' }),
      'statement_malformed',
    ],
    [
      'one that holds for an hour',
      text({ ...fields, notAfter: '2026-11-20T13:00:10.000Z' }),
      'statement_malformed',
    ],
  ])('refuses %s, and keeps what it knows', (_, bytes, code) => {
    const { clock, receiver } = receiverAt(5_000);
    receiver.receive(state({ at: 5_000 }));
    clock.now = start + 10_000;
    expect(receiver.receive(bytes)).toMatchObject({ kind: 'refused', code });
    expect(receiver.current).toMatchObject({
      seq: 5,
      bundle: one,
      revocations: 3,
      issuedAtMs: start + 5_000,
    });
    expect(receiver.lagMs()).toBe(5_000);
  });

  it('never lowers anything, whatever order statements come in', () => {
    const statement = fc.record({
      seq: fc.integer({ min: 1, max: 5 }),
      revocations: fc.nat(3),
      at: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 12 }), (stated) => {
        const { receiver } = receiverAt(10);
        let before = { seq: 0, revocations: 0 };
        for (const change of stated) {
          receiver.receive(state({ ...change, bundle: digestOf(String(change.seq)) }));
          const now = receiver.current ?? before;
          expect(now.seq).toBeGreaterThanOrEqual(before.seq);
          expect(now.revocations).toBeGreaterThanOrEqual(before.revocations);
          before = now;
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('AuthorityReceiver.freshness', () => {
  it.each([
    [0, 'fresh'],
    [5_000, 'fresh'],
    [5_001, 'lagging'],
    [30_000, 'lagging'],
    [30_001, 'stale'],
    [-skewMs, 'fresh'],
    [-skewMs - 1, 'stale'],
    [-3_600_000, 'stale'],
  ])('after %d ms is %s', (lag, freshness) => {
    const { clock, receiver } = receiverAt(0);
    receiver.receive(state({ lifetimeMs: 60_000 }));
    clock.now = start + lag;
    expect(receiver.freshness()).toBe(freshness);
  });

  it('is stale from the moment that the statement ends, however young it is', () => {
    const { clock, receiver } = receiverAt(0);
    receiver.receive(state({ lifetimeMs: 1_000 }));
    clock.now = start + 999;
    expect(receiver.freshness()).toBe('fresh');
    clock.now = start + 1_000;
    expect(receiver.freshness()).toBe('stale');
  });

  it('is stale before the first statement', () => {
    const { receiver } = receiverAt(0);
    expect(receiver.freshness()).toBe('stale');
    expect(receiver.lagMs()).toBe(Infinity);
  });

  it.each([NaN, 0, 4_999, 300_001, Infinity])('cannot be set to %d ms', (staleMs) => {
    const options = { verifiers: [], organisation: 'acme', now: () => 0, staleMs };
    expect(() => new AuthorityReceiver(options)).toThrow(/stale after/);
  });
});

describe('a floor that is kept', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cardea-floor-'));
    path = join(directory, 'floor');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('keeps a restarted receiver from going below', () => {
    receiverAt(0, new FloorFile(path)).receiver.receive(state());
    const { receiver } = receiverAt(0, new FloorFile(path));
    expect(receiver.receive(state({ seq: 4 }))).toMatchObject({ code: 'statement_lowered' });
    expect(receiver.receive(state({ revocations: 2 }))).toMatchObject({ code: 'statement_lowered' });
    expect(receiver.receive(state({ bundle: two }))).toMatchObject({ code: 'statement_conflicting' });
    expect(receiver.receive(state())).toMatchObject({ kind: 'accepted', changed: true });
  });

  it('is not guessed at when the file is damaged', () => {
    writeFileSync(path, '{"seq":1}');
    expect(() => receiverAt(0, new FloorFile(path))).toThrow(/bundle/);
  });

  it('refuses what it cannot remember', () => {
    const { receiver } = receiverAt(0, new FloorFile(join(directory, 'missing', 'floor')));
    expect(receiver.receive(state())).toMatchObject({ code: 'statement_unsaved' });
    expect(receiver.current).toBeUndefined();
  });

  it('is saved only when it rises', () => {
    const saved: Floor[] = [];
    const floors: FloorStore = { load: () => undefined, save: (floor) => saved.push(floor) };
    const { receiver } = receiverAt(3, floors);
    for (const at of [0, 1, 2, 3]) receiver.receive(state({ at }));
    receiver.receive(state({ at: 3, revocations: 4 }));
    expect(saved.map(({ revocations }) => revocations)).toEqual([3, 4]);
  });
});

describe('issueStatement', () => {
  it.each([0, -1, NaN, lifetimeMsMax + 1])('refuses a lifetime of %d ms', (lifetimeMs) => {
    expect(() => state({ lifetimeMs })).toThrow(/holds for at most/);
  });
});
