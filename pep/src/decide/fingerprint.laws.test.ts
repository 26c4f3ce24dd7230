// Two questions share a fingerprint exactly if they agree on everything that the verdict can read: who asks about what,
// and at each path how far it goes and what stands there.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import fc from 'fast-check';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { CallFacts } from '../facts/callFacts.ts';
import type { Target } from '../resolve/target.ts';
import { readPaths, writeFingerprint, writeTuple } from './fingerprint.ts';

const identities = ['ann', 'bob'].map((person) => sampleIdentity(person));

function factsOf(input: JsonObject, client = ''): CallFacts {
  const target: Target = { method: 'tools/call', type: 'Tool', id: 'desk/x', input };
  return new CallFacts({
    identity: sampleIdentity('ann'),
    target,
    nowMs: 0,
    session: { id: 's', createdMs: 0, usedMs: 0 },
    address: '10.0.0.1',
    client,
    protocol: '',
  });
}

const read = (text: string): JsonObject => parseStrictJson(text) as JsonObject;

/** Texts that look like what stands around them in a fingerprint. */
const texts = fc.string({ unit: fc.constantFrom('1', '2', ':', '-', '=', '"', '{', 'a'), maxLength: 4 });
const names = fc.constantFrom('a', 'b', '__proto__', '1:', '"');
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(null, true, 0, 1, 12, '1', 'null', '{}'),
    texts,
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(names, tie('value'), { maxKeys: 2 }),
  ),
}));
const inputs = fc.dictionary(names, values, { maxKeys: 2 }).map((input) => read(JSON.stringify(input)));
const pointers = fc.uniqueArray(
  fc.array(names, { maxLength: 3 }).map((path) => ['', 'input', ...path].join('/')),
  { minLength: 1, maxLength: 3 },
);

describe('writeFingerprint', () => {
  it('is the same exactly for what agrees on all that is read', () => {
    let same = 0;
    fc.assert(
      fc.property(pointers, inputs, inputs, (paths, one, other) => {
        const reads = readPaths(paths);
        const [left, right] = [factsOf(one), factsOf(other)];
        const meaning = (facts: CallFacts): unknown =>
          reads.paths.map((path) => {
            const { depth, value } = facts.at(path);
            return [depth, value === undefined ? 'nothing' : [JSON.stringify(value)]];
          });
        const isSame = writeFingerprint('', reads, left) === writeFingerprint('', reads, right);
        expect(isSame).toBe(isDeepStrictEqual(meaning(left), meaning(right)));
        if (isSame) same += 1;
      }),
      { numRuns: 4_000 },
    );
    expect(same).toBeGreaterThan(200);
  });

  it('tells how far a path goes, however far that is', () => {
    const path = `/input/${Array.from({ length: 12 }, (_, at) => `k${at}`).join('/')}`;
    const reads = readPaths([path, '/input/b']);
    const met = (depth: number, value: string, b: string): string | undefined => {
      const open = Array.from({ length: depth }, (_, at) => `{"k${at}":`).join('');
      const input = `${open}${JSON.stringify(value)}${'}'.repeat(depth)}`.replace(
        /}$/,
        `,"b":${JSON.stringify(b)}}`,
      );
      return writeFingerprint('', reads, factsOf(read(input)));
    };
    // Depth and length next to each other: 1 and 11 against 11 and 1.
    expect(met(1, 'c111:"abcde', 'x')).not.toBe(met(11, 'c', 'abcde12:"x'));
    const all = new Set(Array.from({ length: 12 }, (_, at) => met(at + 1, 'v', 'x')));
    expect(all.size).toBe(12);
  });

  it.each([
    ['12', '"12"'],
    ['true', '"true"'],
    ['null', '"null"'],
    ['{}', '"{}"'],
    ['[]', '"[]"'],
  ])('tells %s from the text %s', (one, other) => {
    const reads = readPaths(['/input/a']);
    const write = (value: string): string | undefined =>
      writeFingerprint('', reads, factsOf(read(`{"a":${value}}`)));
    expect(write(one)).not.toBe(write(other));
  });

  it('reads families of facts as it reads arguments', () => {
    const reads = readPaths(['/request/client', '/usage/hour']);
    const write = (client: string): string | undefined =>
      writeFingerprint('', reads, factsOf(read('{}'), client));
    expect(reads.families).toEqual(['request', 'usage']);
    expect(write('a')).toBe(write('a'));
    expect(write('a')).not.toBe(write('b'));
  });

  it.each([
    ['the whole context', '', '{}'],
    ['what is too long to name', '/input/a', JSON.stringify({ a: 'x'.repeat(8_192) })],
  ])('names nothing that reads %s', (_, pointer, input) => {
    expect(writeFingerprint('', readPaths([pointer]), factsOf(read(input)))).toBeUndefined();
  });
});

describe('writeTuple', () => {
  const target: Target = { method: 'tools/call', type: 'Tool', id: 'desk/x', input: undefined };
  const [ann, bob] = identities as [(typeof identities)[0], (typeof identities)[0]];

  it('differs with each of its parts', () => {
    const tuples = [
      writeTuple('b1', ann, target),
      writeTuple('b2', ann, target),
      writeTuple('b1', bob, target),
      writeTuple('b1', sampleIdentity('ann', { effects: ['write'] }), target),
      writeTuple('b1', ann, { ...target, method: 'prompts/get' }),
      writeTuple('b1', ann, { ...target, type: 'Prompt' }),
      writeTuple('b1', ann, { ...target, id: 'desk/y' }),
    ];
    expect(new Set(tuples).size).toBe(tuples.length);
  });

  it('lets no part run into the next', () => {
    const write = (method: string, id: string): string => writeTuple('b', ann, { ...target, method, id });
    expect(write('a', 'b:Tool:c')).not.toBe(write('a:Tool:b', 'c'));
    expect(write('a', 'b')).not.toBe(write('', 'ab'));
  });

  it('lets no value run into the next', () => {
    const reads = readPaths(['/input/a', '/input/b']);
    const write = (a: string, b: string): string | undefined =>
      writeFingerprint('', reads, factsOf(read(JSON.stringify({ a, b }))));
    for (const length of ['', '1', '2', '3']) {
      expect(write('x', `y1=${length}:"z`)).not.toBe(write(`x1=${length}:"y`, 'z'));
    }
  });
});
