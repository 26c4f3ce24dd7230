import { describe, expect, it } from '@jest/globals';
import { renameEvent } from './renameEvent.ts';

describe('renameEvent', () => {
  it.each([
    ['id: 7\ndata: a\n\n', 'id: N\ndata: a\n\n'],
    ['data: ü id: 7\r\nid:7\r\n\r\n', 'data: ü id: 7\r\nid: N\r\n\r\n'],
    ['event: m\rid\rdata:  b\r\r', 'event: m\rid: N\rdata:  b\r\r'],
    ['id: 1\nid: 2\ndata: x\n\n', 'id: N\nid: N\ndata: x\n\n'],
    ['idle: 1\ndata: id\ndata:\nid: 3', 'idle: 1\ndata: id\ndata:\nid: N'],
    [': id: 1\ndata: "\\nid: 2"\n\n', ': id: 1\ndata: "\\nid: 2"\n\n'],
  ])('%j', (raw, renamed) => {
    expect(renameEvent(Buffer.from(raw), 'N').toString()).toBe(renamed);
  });
});
