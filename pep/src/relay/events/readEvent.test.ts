import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readEvent } from './readEvent.ts';

const dataOf = (raw: string): string | undefined => readEvent(Buffer.from(raw)).data?.toString();

describe('the data of an event', () => {
  it.each([
    ['one line', 'data: {"a":1}\n\n', '{"a":1}'],
    ['no space', 'data:{"a":1}\n\n', '{"a":1}'],
    ['two spaces, of which one is data', 'data:  x\n\n', ' x'],
    ['several lines', 'data: a\ndata: b\n\n', 'a\nb'],
    ['other fields between', 'data: a\nid: 7\n: note\ndata:b\nretry: 3\n\n', 'a\nb'],
    ['CRLF', 'data: a\r\ndata: b\r\n\r\n', 'a\nb'],
    ['CR', 'data: a\rdata: b\r\r', 'a\nb'],
    ['colons in it', 'data: a:b: c\n\n', 'a:b: c'],
    ['a field without a colon', 'data\ndata: a\n\n', '\na'],
    ['an LF that belongs to the event before', '\ndata: a\r\n\r\n', 'a'],
    ['no end', 'data: a', 'a'],
  ])('is read from %s', (_name, raw, data) => {
    expect(dataOf(raw)).toBe(data);
  });

  it.each([
    ['a comment', ': ping\n\n'],
    ['a retry', 'retry: 250\n\n'],
    ['an id', 'id: 7\n\n'],
    ['a first event that says nothing', 'id: 7\nretry: 250\ndata: \n\n'],
    ['a field without a colon', 'data\n\n'],
    ['an empty line', '\n'],
  ])('is missing in %s', (_name, raw) => {
    const event = readEvent(Buffer.from(raw));
    expect(event).toMatchObject({ data: undefined, isAmbiguous: false });
    expect(event.raw.toString()).toBe(raw);
  });

  it('is what the standard makes of any lines', () => {
    const line = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ':', ' ', 'é'), maxLength: 6 }).map((value) => `data:${value}`),
      fc.constantFrom('data', ': note', 'id: 1', 'event: message', 'retry: 1'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r', '\r\n'), (lines, end) => {
        const values = lines
          .filter((text) => /^data(:|$)/.test(text))
          .map((text) => text.slice(5).replace(/^ /, ''));
        const data = values.join('\n');
        const raw = [...lines, '', ''].join(end);
        expect(dataOf(raw)).toBe(data === '' ? undefined : data);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an event', () => {
  it('is one that clients can ask for again when it has an id', () => {
    expect(readEvent(Buffer.from('id: 7\ndata: a\n\n')).id).toBe('7');
    expect(readEvent(Buffer.from('id: 7\nid\ndata: a\n\n')).id).toBe('');
    expect(readEvent(Buffer.from('data: id: 7\n\n')).id).toBe(undefined);
  });

  // Each of these is data to some clients, and none or other data to the rest.
  it.each([
    ['a byte order mark', '\ufeffdata: {}\n\n'],
    ['a byte order mark after the end of a line', '\n\ufeffdata: {}\n\n'],
    ['the name of a field in capitals', 'Data: {}\n\n'],
    ['the name of a field with a space', 'data : {}\n\n'],
    ['an unknown field', 'payload: {}\n\n'],
    ['JSON that is no event at all', '{"jsonrpc":"2.0","id":1,"result":{}}'],
    ['data behind a line separator in a comment', ': a\u2028data: {}\n\n'],
    ['data behind a paragraph separator', 'data: "\u2029data: {}"\n\n'],
    ['data behind a next line', 'id: \u0085data: {}\n\n'],
    ['data behind a vertical tab', 'event: \u000bdata: {}\n\n'],
    ['data behind a form feed', ':\fdata: {}\n\n'],
    ['data behind a record separator', ':\u001edata: {}\n\n'],
  ])('is ambiguous with %s', (_name, raw) => {
    expect(readEvent(Buffer.from(raw)).isAmbiguous).toBe(true);
  });

  it.each([
    ['separators in a text', 'data: {"text":"a\u2028b\u2029c\u0085d","data":1}\n\n'],
    ['the word data', ': data data\nevent: data\ndata: {"data":"data: data"}\n\n'],
    ['characters whose last byte is that of a separator', 'data: "\u00e8data \u0828data ¨data"\n\n'],
  ])('is clear with %s', (_name, raw) => {
    expect(readEvent(Buffer.from(raw)).isAmbiguous).toBe(false);
  });
});
