import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventStream } from './eventStream.ts';

describe('an event stream', () => {
  it.each([
    ['one event', 'data: a\n\n', ['a']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['one space of two is the syntax', 'data:  a\n\n', [' a']],
    ['lines of one event are joined', 'data: a\ndata: b\n\n', ['a\nb']],
    [
      'other fields and comments are passed over',
      ': hi\nid: 1\nevent: message\nretry: 5\ndata: a\n\n',
      ['a'],
    ],
    ['a field whose name only begins so', 'database: x\ndata: a\n\n', ['a']],
    ['data without a colon is empty', 'data\n\n', ['']],
    ['returns end lines', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['returns with line feeds end one line', 'data: a\r\n\r\n', ['a']],
    ['what is not ended is no event', 'data: a\n', []],
    ['an empty line alone is no event', '\n\n', []],
  ])('%s', (_, text, events) => {
    expect(new EventStream().push(text)).toEqual(events);
  });

  it('gives the same events in whatever pieces the text comes', () => {
    const text = fc
      .array(fc.constantFrom('data: a', 'data:', 'id: 1', '\n', '\r', '\r\n', 'x', ''))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(60)), (whole, cuts) => {
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end));
        const stream = new EventStream();
        expect(pieces.flatMap((piece) => stream.push(piece))).toEqual(new EventStream().push(whole));
      }),
    );
  });
});
