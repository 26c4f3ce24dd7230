import { describe, expect, it } from '@jest/globals';
import { readEvent } from './readEvent.ts';
import { rewriteEvent, writeEvent } from './rewriteEvent.ts';

describe('an event with other data', () => {
  it.each([
    [
      'keeps its other fields',
      'id: 7\nevent: message\n: note\ndata: a\nretry: 3\n\n',
      'id: 7\nevent: message\n: note\ndata: NEW\nretry: 3\n\n',
    ],
    ['has its data in one line', 'data: a\nid: 7\ndata: b\n\n', 'data: NEW\nid: 7\n\n'],
    ['ends its lines as before', 'id: 7\r\ndata: a\r\n\r\n', 'id: 7\r\ndata: NEW\r\n\r\n'],
    ['is whole where it was not', 'data: a', 'data: NEW\n\n'],
    ['keeps bytes that are no text', 'id: \u00e9\ndata: a\n\n', 'id: \u00e9\ndata: NEW\n\n'],
  ])('%s', (_name, raw, rewritten) => {
    expect(rewriteEvent(Buffer.from(raw), 'NEW').toString()).toBe(rewritten);
  });

  it('is read as that data', () => {
    const event = rewriteEvent(Buffer.from('\ndata: a\r\ndata: b\r\n\r\n'), '{"é":"x"}');
    expect(readEvent(event).data?.toString()).toBe('{"é":"x"}');
  });

  it.each(['\u0085', '\u2028', '\u2029'])('has no line that ends where some clients end one: %j', (end) => {
    const data = JSON.stringify({ a: `x${end}data: {}${end}${end}` });
    for (const event of [rewriteEvent(Buffer.from('data: a\n\n'), data), Buffer.from(writeEvent(data))]) {
      expect(event.toString()).not.toContain(end);
      expect(readEvent(event).isAmbiguous).toBe(false);
      expect(JSON.parse(String(readEvent(event).data))).toEqual(JSON.parse(data));
    }
  });
});
