import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { JsonLimits } from './index.ts';
import {
  JsonRefusal,
  depthCeiling,
  parseCountedJson,
  parseStrictDocument,
  parseStrictJson,
} from './index.ts';

interface Vector {
  readonly name: string;
  readonly text?: string;
  readonly hex?: string;
  readonly limits?: Partial<JsonLimits>;
}

interface Refused extends Vector {
  readonly code: string;
  readonly line?: number;
  readonly column?: number;
}

interface Accepted extends Vector {
  readonly value?: unknown;
  readonly integer?: string;
}

const file = new URL('../../vectors/strictJson.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as { refused: Refused[]; accepted: Accepted[] };

/** A text is tried both ways: decoded and in bytes it is one document. */
function inputsOf({ text, hex }: Vector): (Uint8Array | string)[] {
  return text === undefined ? [Buffer.from(hex ?? '', 'hex')] : [text, new TextEncoder().encode(text)];
}

function refusalOf(input: Uint8Array | string, limits?: Partial<JsonLimits>): JsonRefusal {
  try {
    parseStrictJson(input, limits);
  } catch (error) {
    if (error instanceof JsonRefusal) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

describe('the strict parser', () => {
  it.each(vectors.refused)('refuses $name ($code)', (vector) => {
    for (const input of inputsOf(vector)) {
      const refusal = refusalOf(input, vector.limits);
      expect(refusal.code).toBe(vector.code);
      expect(refusal.message).toMatch(/^line \d+, column \d+: [^\p{C}\p{Zl}\p{Zp}]{1,360}$/u);
      if (vector.line !== undefined) {
        expect([refusal.line, refusal.column]).toEqual([vector.line, vector.column]);
      }
    }
  });

  it.each(vectors.accepted)('accepts $name', (vector) => {
    const expected = vector.integer === undefined ? vector.value : BigInt(vector.integer);
    for (const input of inputsOf(vector)) {
      const value = parseStrictJson(input, vector.limits);
      expect(value).toEqual(expected);
      expect(Object.is(value, -0)).toBe(false);
    }
  });

  it('refuses a lone surrogate that stands in the text itself', () => {
    expect(refusalOf('["😀",\n"a\ud83d"]')).toMatchObject({
      code: 'invalid_text',
      line: 2,
      column: 3,
      offset: 9,
    });
    expect(refusalOf('"\ude00"')).toMatchObject({ code: 'invalid_text', column: 2 });
  });

  it('gives objects no prototype, so that every key is an ordinary one', () => {
    const value = parseStrictJson('{"__proto__":{"admin":true}}');
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('decodes the next document after one whose bytes were refused', () => {
    expect(refusalOf(Uint8Array.of(0x22, 0xe2, 0x82)).code).toBe('invalid_text');
    expect(parseStrictJson(Uint8Array.of(0x22, 0x61, 0x22))).toBe('a');
  });

  it('reads a view into a larger buffer and nothing beside it', () => {
    const bytes = new TextEncoder().encode('[1][2][3]');
    expect(parseStrictJson(bytes.subarray(3, 6))).toEqual([2]);
  });
});

describe('the default limits', () => {
  it('end at one mebibyte', () => {
    const fitting = `"${'a'.repeat(1024 * 1024 - 2)}"`;
    expect(parseStrictJson(fitting)).toHaveLength(1024 * 1024 - 2);
    expect(refusalOf(`${fitting} `).code).toBe('too_large');
    expect(refusalOf(new Uint8Array(1024 * 1024 + 1)).code).toBe('too_large');
  });

  it('end at a hundred thousand values', () => {
    const fitting = `[${'1,'.repeat(99_998)}1]`;
    expect(parseStrictJson(fitting)).toHaveLength(99_999);
    expect(refusalOf(fitting.replace(']', ',1]')).code).toBe('too_large');
  });

  it('stay in force where a limit is given as undefined', () => {
    const limits = { depthMax: undefined } as unknown as Partial<JsonLimits>;
    expect(refusalOf('['.repeat(65), limits).code).toBe('too_deep');
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot be replaced by %p', (limit) => {
    expect(() => parseStrictJson('1', { bytesMax: limit })).toThrow(RangeError);
    expect(() => parseStrictJson('1', { nodesMax: limit })).toThrow(RangeError);
    expect(() => parseStrictJson('1', { depthMax: limit })).toThrow(RangeError);
  });

  it('can be raised up to what the call stack holds', () => {
    const deep = '['.repeat(depthCeiling) + ']'.repeat(depthCeiling);
    expect(parseStrictJson(deep, { depthMax: depthCeiling })).toHaveLength(1);
    expect(() => parseStrictJson(deep, { depthMax: depthCeiling + 1 })).toThrow(RangeError);
  });
});

describe('a refusal', () => {
  it('names the key and the place in one line', () => {
    const refusal = refusalOf('{\n  "role": 1,\n  "role": 2\n}');
    expect(refusal.message).toBe('line 3, column 3: the key "role" occurs twice');
    expect(refusal.offset).toBe(17);
  });

  it.each([
    ['a long key', 'k'.repeat(500), `"${'k'.repeat(40)}..."`],
    ['a line break', 'a\r\nb', '"a\\u000d\\u000ab"'],
    ['a terminal escape', '\u001b[31m', '"\\u001b[31m"'],
    ['a bidirectional override', 'a\u202eb', '"a\\u202eb"'],
    ['a line separator', 'a\u2028b', '"a\\u2028b"'],
    ['a quote', 'a"b', '"a\\"b"'],
    ['a tag character', '\u{e0041}', '"\\u{e0041}"'],
    ['text in another script', 'größe', '"größe"'],
  ])('shows %s without obeying it', (_name, key, shown) => {
    const member = `${JSON.stringify(key)}:1`;
    expect(refusalOf(`{${member},${member}}`).message).toContain(`the key ${shown} occurs twice`);
  });

  it('never repeats more than a few characters of what was found', () => {
    expect(refusalOf('x'.repeat(1000)).message).toBe('line 1, column 1: expected a value, found "x"');
    expect(refusalOf('9'.repeat(90)).message).toContain(`"${'9'.repeat(40)}..."`);
  });
});

describe('a document', () => {
  const text =
    '{\n  "a": [10, {"b\\u002fc": "x]}"},\n\t[] ],\n  "": {"__proto__": null}, "last" : -1.5e0 }\n';
  const document = parseStrictDocument(text);

  it.each([
    ['', 1, 1],
    ['/a', 2, 8],
    ['/a/0', 2, 9],
    ['/a/1', 2, 13],
    ['/a/1/b~1c', 2, 26],
    ['/a/2', 3, 2],
    ['/', 4, 7],
    ['//__proto__', 4, 21],
    ['/last', 4, 37],
  ])('locates %p', (pointer, line, column) => {
    expect(document.locate(pointer)).toMatchObject({ line, column });
  });

  it.each(['/b', '/a/3', '/a/-', '/a/00', '/a/0/x', '/constructor', '/last/0', '/a/2/0'])(
    'has nothing at %p',
    (pointer) => {
      expect(document.locate(pointer)).toBeUndefined();
    },
  );

  it('refuses a malformed pointer', () => {
    expect(() => document.locate('a')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('holds the value that parsing alone gives', () => {
    expect(document.value).toEqual(parseStrictJson(text));
  });
});

describe('parseCountedJson', () => {
  it.each([
    ['1', 1],
    ['[]', 1],
    ['{"a":[1,{"b":null}],"c":"x"}', 6],
  ])('counts values, not keys: %s', (text, values) => {
    expect(parseCountedJson(text)).toEqual({ value: parseStrictJson(text), values });
  });
});
