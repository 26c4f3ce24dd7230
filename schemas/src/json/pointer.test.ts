import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonValues, keys } from './arbitraries.ts';
import type { JsonValue } from './index.ts';
import {
  formatPointer,
  isJsonObject,
  parsePointer,
  parseStrictDocument,
  parseStrictJson,
  readPointer,
  writeJson,
} from './index.ts';

// RFC 6901, section 5.
const example = parseStrictJson(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
);

describe('readPointer', () => {
  it.each<[string, JsonValue]>([
    ['', example],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('reads %p', (pointer, value) => {
    expect(readPointer(example, pointer)).toEqual(value);
  });

  it.each([
    '/foo/2',
    '/foo/-',
    '/foo/00',
    '/foo/+0',
    '/foo/1e0',
    '/foo/length',
    '/bar',
    '/foo/0/0',
    '/toString',
    '/__proto__',
  ])('finds nothing at %p', (pointer) => {
    expect(readPointer(example, pointer)).toBeUndefined();
    expect(readPointer({ foo: ['a', 'b'] }, pointer)).toBeUndefined();
  });
});

describe('parsePointer', () => {
  it.each([
    ['', []],
    ['/', ['']],
    ['//', ['', '']],
    ['/a/b', ['a', 'b']],
    ['/~01', ['~1']],
    ['/~10', ['/0']],
    ['/é/😀', ['é', '😀']],
  ])('reads %p as %j', (text, segments) => {
    expect(parsePointer(text)).toEqual(segments);
    expect(formatPointer(segments)).toBe(text);
  });

  it.each(['a', ' ', '#', '#/a', 'a/b', '/~', '/~2', '/a~', '/~~0', '/\u0000~x'])('refuses %p', (text) => {
    expect(() => parsePointer(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('undoes formatPointer', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(keys, fc.constantFrom('~', '/', '~0', '~1', '~01'))), (segments) => {
        expect(parsePointer(formatPointer(segments))).toEqual(segments);
      }),
    );
  });
});

describe('a pointer to each part of a value', () => {
  it('reads that part and locates its text', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const text = writeLoosely(value);
        const document = parseStrictDocument(text);
        for (const { segments, part } of listParts(value, [])) {
          const pointer = formatPointer(segments);
          expect(readPointer(value, pointer)).toBe(part);
          expect(text.startsWith(writeLoosely(part), document.locate(pointer)?.offset)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** With space wherever it may stand, line breaks included. */
function writeLoosely(value: JsonValue): string {
  if (Array.isArray(value)) return `[ ${(value as readonly JsonValue[]).map(writeLoosely).join('\n, ')}\t]`;
  if (!isJsonObject(value)) return writeJson(value);
  const members = Object.entries(value).map(
    ([key, child]) => `${writeJson(key)} :\r\n ${writeLoosely(child)}`,
  );
  return `{ ${members.join('\n, ')}\t}`;
}

interface Part {
  readonly segments: readonly string[];
  readonly part: JsonValue;
}

function listParts(value: JsonValue, segments: readonly string[]): Part[] {
  const children = isJsonObject(value) || Array.isArray(value) ? Object.entries(value) : [];
  const below = children.flatMap(([key, child]) => listParts(child as JsonValue, [...segments, key]));
  return [{ segments, part: value }, ...below];
}
