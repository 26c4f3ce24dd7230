// What happens to lines on their way, for any of them: nothing but what is meant.
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { LineSplitter } from './lineSplitter.ts';
import { toOneLine } from './oneLine.ts';
import { spliceValues } from './spliceValues.ts';

const spaces = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

/** JSON as somebody else would write it: with spaces wherever they may be, and escapes where none are needed. */
const spacious = fc
  .tuple(fc.jsonValue({ depthSize: 'small' }), fc.array(spaces, { minLength: 1, maxLength: 5 }))
  .map(([value, gaps]) => {
    let at = 0;
    const gap = (): string => gaps[at++ % gaps.length] as string;
    const write = (one: unknown): string => {
      if (Array.isArray(one)) return `[${gap()}${one.map(write).join(`${gap()},${gap()}`)}${gap()}]`;
      if (typeof one !== 'object' || one === null) return JSON.stringify(one);
      const members = Object.entries(one).map(
        ([key, member]) => `${escape(key)}${gap()}:${gap()}${write(member)}`,
      );
      return `{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}`;
    };
    return { value, text: `${gap()}${write(value)}${gap()}` };
  });

function escape(key: string): string {
  return JSON.stringify(key).replace('a', '\\u0061');
}

describe('toOneLine', () => {
  it('leaves no line break, and no other meaning', () => {
    fc.assert(
      fc.property(spacious, ({ value, text }) => {
        const line = toOneLine(Buffer.from(text));
        expect(line.toString('utf8')).not.toMatch(/[\r\n]/);
        expect(line.length).toBe(Buffer.byteLength(text));
        expect(JSON.parse(line.toString('utf8'))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('LineSplitter', () => {
  const chunkings = fc.tuple(
    fc.array(fc.stringMatching(/^[a-z{}"]{0,12}$/), { maxLength: 8 }),
    fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  );

  const split = (
    text: string,
    sizes: readonly number[],
    max: number,
  ): { lines: string[]; tooLong: number } => {
    let tooLong = 0;
    const splitter = new LineSplitter(max, () => (tooLong += 1));
    const lines: string[] = [];
    for (let at = 0, chunk = 0; at < text.length; chunk += 1) {
      const size = sizes[chunk % sizes.length] as number;
      lines.push(...splitter.split(Buffer.from(text.slice(at, at + size))).map(String));
      at += size;
    }
    return { lines, tooLong };
  };

  it('finds the same lines however they come', () => {
    fc.assert(
      fc.property(chunkings, ([lines, sizes]) => {
        const text = lines.map((line) => `${line}\n`).join('');
        expect(split(`${text}unfinished`, sizes, 100).lines).toEqual(lines);
      }),
    );
  });

  it('skips those that are too long, tells of each, and none of the others', () => {
    fc.assert(
      fc.property(chunkings, ([lines, sizes]) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const { lines: found, tooLong } = split(text, sizes, 6);
        expect(found).toEqual(lines.filter((line) => line.length <= 6));
        expect(tooLong).toBe(lines.filter((line) => line.length > 6).length);
      }),
    );
  });
});

describe('spliceValues', () => {
  const keys = fc.constantFrom('id', 'params', '_meta', 'a', 'progressToken');
  const messages = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  })).object;

  const holds = (value: unknown, [key, ...rest]: readonly string[]): boolean => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    if (key === undefined || !Object.hasOwn(value, key)) return false;
    return rest.length === 0 || holds((value as Record<string, unknown>)[key], rest);
  };

  const set = (value: unknown, [key = '', ...rest]: readonly string[], to: unknown): void => {
    const object = value as Record<string, unknown>;
    if (rest.length === 0) object[key] = to;
    else set(object[key], rest, to);
  };

  it('changes what it names, where it is, and no byte besides', () => {
    fc.assert(
      fc.property(
        messages,
        fc.array(keys, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (message, path, isWide) => {
          const text = JSON.stringify(message, null, isWide ? 2 : undefined);
          const spliced = spliceValues(Buffer.from(text), [{ path, text: '4711' }]).toString('utf8');
          if (!holds(message, path)) {
            expect(spliced).toBe(text);
            return;
          }
          set(message, path, 4_711);
          expect(JSON.parse(spliced)).toEqual(message);
          expect(spliced).toBe(JSON.stringify(message, null, isWide ? 2 : undefined));
        },
      ),
    );
  });

  it.each([
    ['{"id":1,"params":{"id":2}}', '{"id":9,"params":{"id":2}}'],
    ['{"params":{"id":2},"id":1}', '{"params":{"id":2},"id":9}'],
    ['{"a":"\\"id\\":1","id" : "x\\"}" ,"b":[{"id":3}]}', '{"a":"\\"id\\":1","id" : 9 ,"b":[{"id":3}]}'],
    ['{"\\u0069d":null}', '{"\\u0069d":9}'],
    ['{"id":{"id":[1,{"a":"}"}]}}', '{"id":9}'],
    ['[{"id":1}]', '[{"id":1}]'],
    ['{}', '{}'],
  ])('in %s makes %s', (text, wanted) => {
    expect(spliceValues(Buffer.from(text), [{ path: ['id'], text: '9' }]).toString()).toBe(wanted);
  });

  it('makes several changes at once, in whatever order they are named', () => {
    const text = '{"id":1,"params":{"_meta":{"progressToken":"t"}},"id2":1}';
    const changes = [
      { path: ['params', '_meta', 'progressToken'], text: '7' },
      { path: ['id'], text: '7' },
      { path: ['result'], text: '7' },
    ];
    expect(spliceValues(Buffer.from(text), changes).toString()).toBe(
      '{"id":7,"params":{"_meta":{"progressToken":7}},"id2":1}',
    );
  });
});
