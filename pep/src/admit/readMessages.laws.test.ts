// What is taken of a body means the same to every reader: to those that keep the first of equal keys or the last, and
// to those that do not mind their case.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readLoosely, type Loose } from '../../test/looseJson.ts';
import { versionKey } from './era.ts';
import { readMessages, type Body } from './readMessages.ts';

const limits = { bodyBytesMax: 4_096, jsonDepthMax: 16, batchMessagesMax: 3 };

function tryToRead(text: string): Body | undefined {
  try {
    return readMessages(Buffer.from(text), limits);
  } catch {
    return undefined;
  }
}

/** The names that servers look for on the way to what they do. */
const wanted = [
  'jsonrpc',
  'id',
  'method',
  'params',
  'result',
  'error',
  'name',
  'uri',
  'arguments',
  '_meta',
  versionKey,
  'ref',
  'type',
  'notifications',
  'resourceSubscriptions',
] as const;

const readers: readonly Loose[] = [
  { wins: 'last', folds: [] },
  { wins: 'first', folds: [] },
  { wins: 'last', folds: wanted },
  { wins: 'first', folds: wanted },
];

/** A key as an attacker spells it: mostly right, now and then escaped, in another case, or with letters that fold. */
const spelt = (key: string): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 12, arbitrary: fc.constant(JSON.stringify(key)) },
      fc.nat(key.length - 1).map((at) => {
        const escape = `\\u${key.charCodeAt(at).toString(16).padStart(4, '0')}`;
        return `"${key.slice(0, at)}${escape}${key.slice(at + 1)}"`;
      }),
      fc.constantFrom(key.toUpperCase(), key.replace('s', '\u017f'), key.replace('k', '\u212a')).map(String),
    )
    .map((text) => (text.startsWith('"') ? text : JSON.stringify(text)));

const member = (key: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(spelt(key), value).map(([name, text]) => `${name}:${text}`);

const object = (...members: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(...members), { minLength: 1, maxLength: 3, size: 'max' })
    .map((texts) => `{${texts.join(',')}}`);

const words = fc.constantFrom('"a"', '"b"', '"tools/call"', '"ping"', '1', 'null', '"2026-07-28"');
const params = object(
  member('name', words),
  member('uri', words),
  member('arguments', fc.constantFrom('{}', '{"x":1,"X":2}')),
  member('_meta', object(member(versionKey, words))),
  member('ref', object(member('type', words), member('name', words), member('uri', words))),
  member('notifications', object(member('resourceSubscriptions', fc.constantFrom('[]', '["a"]')))),
);

const documents = fc
  .tuple(
    member('jsonrpc', fc.constant('"2.0"')),
    member('id', fc.constantFrom('1', '"1"')),
    fc.oneof(
      { weight: 4, arbitrary: member('method', words) },
      member('result', fc.constant('{}')),
      member('error', fc.constant('{}')),
    ),
    member('params', params),
    fc.array(fc.oneof(member('method', words), member('params', params)), { maxLength: 1 }),
  )
  .chain(([version, id, what, given, more]) =>
    fc.shuffledSubarray([version, id, what, given, ...more], { minLength: 4 }),
  )
  .map((members) => `{${members.join(',')}}`);

interface Essence {
  readonly id: unknown;
  readonly isAnswer: boolean;
  readonly [what: string]: unknown;
}

/** What a server makes of a message, as far as verdicts go. */
function essence(value: unknown): Essence {
  const at = (object: unknown, key: string): unknown =>
    typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[key] : undefined;
  const given = at(value, 'params');
  return {
    id: at(value, 'id'),
    method: at(value, 'method'),
    isAnswer: at(value, 'result') !== undefined || at(value, 'error') !== undefined,
    name: at(given, 'name'),
    uri: at(given, 'uri'),
    version: at(at(given, '_meta'), versionKey),
    ref: [at(at(given, 'ref'), 'type'), at(at(given, 'ref'), 'name'), at(at(given, 'ref'), 'uri')],
    listens: at(at(given, 'notifications'), 'resourceSubscriptions'),
  };
}

function judged({ messages: [message] }: Body): Essence {
  if (message?.kind !== 'response') return essence(message);
  return { ...essence({ id: message.id }), isAnswer: true };
}

const nothing = essence(undefined);

describe('two readings', () => {
  it('never differ of what is taken', () => {
    let taken = 0;
    fc.assert(
      fc.property(documents, (text) => {
        const body = tryToRead(text);
        if (body === undefined) return;
        taken += 1;
        const ours = judged(body);
        for (const reader of readers) {
          const theirs = essence(readLoosely(text, reader));
          // Nobody acts on the parameters of an answer.
          const { id, isAnswer } = theirs;
          expect(isAnswer ? { ...nothing, id, isAnswer } : theirs).toEqual(ours);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});
