import { describe, expect, it } from '@jest/globals';
import { AnswerReader, readHead } from './answerReader.ts';

const sized = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"é":1}';
const chunked =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nMcp-Session-Id: aB-1\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '6\r\ndata: \r\n3;x=y\r\n{}\n\r\n0\r\n\r\n';

describe('AnswerReader', () => {
  it.each([
    ['a length', sized.replace('7', '8'), '{"é":1}'],
    ['chunks', chunked, 'data: {}\n'],
  ])('reads an answer with %s, wherever it is cut', (_, text, body) => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const reader = new AnswerReader();
      const first = reader.push(bytes.subarray(0, cut));
      const answer = first ?? reader.push(bytes.subarray(cut));
      expect({ cut, status: answer?.status, body: answer?.body }).toEqual({ cut, status: 200, body });
    }
  });

  it('reads one answer after the other', () => {
    const reader = new AnswerReader();
    expect(reader.push(Buffer.from(chunked))?.sessionId).toBe('aB-1');
    expect(reader.push(Buffer.from('HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n'))).toMatchObject({
      status: 202,
      body: '',
    });
  });

  it('refuses what nobody asked for', () => {
    const twice = 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n'.repeat(2);
    expect(() => new AnswerReader().push(Buffer.from(twice))).toThrow(RangeError);
  });

  it('knows an event stream by its head', () => {
    expect(readHead(Buffer.from(chunked.slice(0, 30)))).toBeUndefined();
    expect(readHead(Buffer.from(chunked))).toMatchObject({ isEventStream: true, bodyBytes: undefined });
  });
});
