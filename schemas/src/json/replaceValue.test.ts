import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatPointer } from './pointer.ts';
import { replaceValue } from './replaceValue.ts';

describe('replaceValue', () => {
  it.each([
    ['{"a":1}', '/a', '"x"', '{"a":"x"}'],
    ['{"a":1}', '', '[]', '[]'],
    [' { "a" :\t1\n} ', '/a', '2', ' { "a" :\t2\n} '],
    ['{"s":"}\\"]","a":{"b":[1,{"c":"x"},3]}}', '/a/b/1/c', '"y"', '{"s":"}\\"]","a":{"b":[1,{"c":"y"},3]}}'],
    ['{"\\u0061":"\\u0062","b":1e400}', '/a', '0', '{"\\u0061":0,"b":1e400}'],
    ['{"ä𝄞":"ü\u2028","z":"x"}', '/z', '"y"', '{"ä𝄞":"ü\u2028","z":"y"}'],
    ['{"a":{"a":1},"b":2}', '/b', '3', '{"a":{"a":1},"b":3}'],
    ['[1.0, 2.50 ,-0]', '/1', 'null', '[1.0, null ,-0]'],
  ])('%s at %s', (document, pointer, literal, replaced) => {
    expect(replaceValue(document, pointer, literal)).toBe(replaced);
    expect(replaceValue(Buffer.from(document), pointer, literal)).toBe(replaced);
  });

  it.each([
    ['{"a":1}', '/b'],
    ['{"a":1}', '/a/b'],
    ['[1]', '/1'],
    ['{}', '/__proto__'],
  ])('%s has nothing at %s', (document, pointer) => {
    expect(replaceValue(document, pointer, '0')).toBeUndefined();
  });

  it('changes one value and nothing else, however the rest is written', () => {
    const values = fc.jsonValue({ maxDepth: 3 });
    // Nobody writes letters so.
    const mark = '"\\u0041\\u0042"';
    const property = fc.property(values, fc.string(), values, fc.nat(4), (value, name, rest, indent) => {
      const key = `k${name}`;
      const document = JSON.stringify({ before: rest, [key]: value, after: rest }, null, indent);
      const [head = '', tail = '', ...more] = (
        replaceValue(document, formatPointer([key]), mark) ?? ''
      ).split(mark);
      expect([more, document.startsWith(head), document.endsWith(tail)]).toEqual([[], true, true]);
      const replaced = document.slice(head.length, document.length - tail.length);
      expect(JSON.parse(replaced)).toEqual(JSON.parse(JSON.stringify(value)));
    });
    fc.assert(property);
  });
});
