// Two questions have the same key exactly if they agree on everything that the key names: organisation, bundle, who asks,
// by which grant where that is read, about what, what is read, and what stands there.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import fc from 'fast-check';
import { sampleIdentity } from '../../../test/sampleIdentity.ts';
import { CallFacts } from '../../facts/callFacts.ts';
import type { Identity } from '../../identify/identity.ts';
import type { Target } from '../../resolve/target.ts';
import { readPaths } from '../fingerprint.ts';
import { serverOf, writePathsSubject, writeVerdictSubject } from './subject.ts';

interface Tuple {
  readonly organisation: string;
  readonly bundle: string;
  readonly who: number;
  readonly method: string;
  readonly type: Target['type'];
  readonly id: string;
  readonly input: string;
  readonly pointers: readonly string[];
}

const identities: readonly Identity[] = [
  sampleIdentity('ann'),
  sampleIdentity('ann', { effects: ['write'] }),
  sampleIdentity('ann', { id: 'another' }),
  sampleIdentity('ann', { person: { id: 'ann', groups: [] } }),
  sampleIdentity('ann', { agent: { id: 'assistant', groups: ['support'] } }),
  sampleIdentity('ann', { person: { id: 'ann', groups: ['support'], tags: { site: 'vienna' } } }),
  sampleIdentity('bob'),
];

/** Texts that look like what stands around them. */
const words = fc.constantFrom('', 'a', 'b', 'ab', '1', '\u0000', 'desk', 'desk/a', '/');
const values = fc.constantFrom(
  '1',
  '"1"',
  'true',
  '"true"',
  'null',
  '{}',
  '[]',
  '""',
  '{"b":1}',
  '[1]',
  '9007199254740993',
);
const inputs = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), values, { maxKeys: 2 }).map(
  (input) =>
    `{${Object.entries(input)
      .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
      .join()}}`,
);
const pointers = fc.uniqueArray(
  fc.constantFrom(
    '/input',
    '/input/a',
    '/input/b',
    '/input/a/b',
    '/grant/id',
    '/agent/id',
    '/request/client',
    '/session/id',
  ),
  { maxLength: 3 },
);

const tuples: fc.Arbitrary<Tuple> = fc.record({
  organisation: fc.constantFrom('acme', 'acme2'),
  bundle: fc.constantFrom('sha256:1', 'sha256:2'),
  who: fc.nat(identities.length - 1),
  method: words,
  type: fc.constantFrom('Tool', 'Server'),
  id: words,
  input: inputs,
  pointers,
});

/** Another one that agrees in all but a few points. */
const pairs = fc
  .tuple(
    tuples,
    tuples,
    fc.subarray(['organisation', 'bundle', 'who', 'method', 'type', 'id', 'input', 'pointers'] as const, {
      maxLength: 2,
    }),
  )
  .map(([one, other, changes]): [Tuple, Tuple] => [
    one,
    { ...one, ...Object.fromEntries(changes.map((name) => [name, other[name]])) },
  ]);

function questionOf({
  bundle,
  who,
  method,
  type,
  id,
  input,
}: Tuple): Parameters<typeof writePathsSubject>[1] {
  const identity = identities[who] as Identity;
  const target: Target = { method, type, id, input: parseStrictJson(input) as JsonObject };
  const session = { id: 's', createdMs: 0, usedMs: 0 };
  const facts = new CallFacts({
    ...{ identity, target, nowMs: 0, session, address: '10.0.0.1', client: '', protocol: '' },
  });
  return { bundle, about: { identity, target }, facts };
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

const verdictOf = (tuple: Tuple): string =>
  hex(writeVerdictSubject(tuple.organisation, questionOf(tuple), readPaths(tuple.pointers)));
const pathsOf = (tuple: Tuple): string => hex(writePathsSubject(tuple.organisation, questionOf(tuple)));

/** The same in words that need no encoding. */
function meaningOf(tuple: Tuple, isVerdict: boolean): unknown {
  const { identity, target } = questionOf(tuple).about;
  const { subject, agent, grant } = identity.words;
  const { organisation, bundle, method, type, id } = tuple;
  const base = [organisation, bundle, subject, agent, method, type, id];
  if (!isVerdict) return base;
  const reads = [...tuple.pointers].sort();
  const isGrantRead = reads.some((pointer) => pointer.startsWith('/grant/'));
  const { facts } = questionOf({ ...tuple });
  const found = reads
    .filter((pointer) => pointer !== '/grant/id' && pointer !== '/agent/id')
    .map((pointer) => {
      const { depth, value } = facts.at(pointer.slice(1).split('/'));
      return [depth, value === undefined ? 'nothing' : [canonicalJson(value)]];
    });
  return [...base, reads, isGrantRead ? grant : 'unread', found, target.type];
}

describe('the key of a verdict', () => {
  it('is the same exactly for what agrees on all that it names', () => {
    const seen = { same: 0, different: 0 };
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        const isSame = verdictOf(one) === verdictOf(other);
        expect(isSame).toBe(isDeepStrictEqual(meaningOf(one, true), meaningOf(other, true)));
        seen[isSame ? 'same' : 'different'] += 1;
      }),
      { numRuns: 5_000 },
    );
    expect(Math.min(seen.same, seen.different)).toBeGreaterThan(500);
  });

  it('names paths in whatever order they are told', () => {
    fc.assert(
      fc.property(tuples, (tuple) => {
        expect(verdictOf({ ...tuple, pointers: [...tuple.pointers].reverse() })).toBe(verdictOf(tuple));
      }),
    );
  });

  it('is not that of a list of paths, whatever they are about', () => {
    fc.assert(
      fc.property(tuples, tuples, (one, other) => {
        expect(verdictOf(one)).not.toBe(pathsOf(other));
      }),
    );
  });

  it('is none where everything is read', () => {
    fc.assert(
      fc.property(tuples, (tuple) => {
        expect(verdictOf({ ...tuple, pointers: [''] })).toBe('');
      }),
      { numRuns: 20 },
    );
  });
});

describe('the key of a list of paths', () => {
  it('is the same exactly for what agrees on who asks about what, by whatever grant', () => {
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        const isSame = isDeepStrictEqual(meaningOf(one, false), meaningOf(other, false));
        expect(pathsOf(one) === pathsOf(other)).toBe(isSame);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('serverOf', () => {
  it.each([
    ['desk', 'desk'],
    ['desk/refund', 'desk'],
    ['desk/file:///a/b', 'desk'],
  ])('of %s is %s', (id, server) => {
    expect(serverOf({ method: '', type: 'Tool', id, input: undefined })).toBe(server);
  });
});
