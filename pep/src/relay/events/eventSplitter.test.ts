import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventSplitter } from './eventSplitter.ts';
import { readEvent } from './readEvent.ts';

const large = 1_000_000;

function splitWhole(stream: Buffer, cuts: readonly number[] = []): { events: Buffer[]; rest: Buffer } {
  const splitter = new EventSplitter(large);
  const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  const events = places.slice(1).flatMap((end, at) => splitter.split(stream.subarray(places[at], end)));
  return { events, rest: splitter.rest() };
}

/** By the text of the standard: lines first, whatever they end with, and then what stands between empty ones. */
function countEvents(stream: string): number {
  const lines = stream.split(/\r\n|\n|\r/);
  return lines.slice(0, -1).filter((line) => line === '').length;
}

/** An LF that belongs to a CR before a cut comes with the next event, and is no line of it. */
function meaningOf(raw: Buffer): unknown {
  const { data, id, isAmbiguous } = readEvent(raw);
  return { data: data?.toString(), id, isAmbiguous };
}

const fragments = fc.constantFrom(
  'data: 1',
  'id: 2',
  ':',
  'x',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '\r\r',
  '\r\n\r\n',
);
const streams = fc.array(fragments, { maxLength: 24 }).map((parts) => parts.join(''));

describe('a stream of events', () => {
  it.each([
    ['LF', 'data: 1\n\ndata: 2\n\n', ['data: 1\n\n', 'data: 2\n\n']],
    ['CR', 'data: 1\r\rdata: 2\r\r', ['data: 1\r\r', 'data: 2\r\r']],
    ['CRLF', 'data: 1\r\n\r\ndata: 2\r\n\r\n', ['data: 1\r\n\r\n', 'data: 2\r\n\r\n']],
    ['each its own way', 'a\r\nb\n\r', ['a\r\nb\n\r']],
    ['several empty ones', ':\n\n\n', [':\n\n', '\n']],
  ])('is cut where lines end with %s', (_name, stream, expected) => {
    const { events, rest } = splitWhole(Buffer.from(stream));
    expect(events.map(String)).toEqual(expected);
    expect(rest).toHaveLength(0);
  });

  it('has as many events as the standard says, and no byte is lost', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const { events, rest } = splitWhole(Buffer.from(stream));
        expect(Buffer.concat([...events, rest]).toString()).toBe(stream);
        expect(events).toHaveLength(countEvents(stream));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has the same events however it is cut into chunks', () => {
    fc.assert(
      fc.property(streams, fc.array(fc.nat(), { maxLength: 8 }), (stream, cuts) => {
        const whole = splitWhole(Buffer.from(stream));
        const cut = splitWhole(Buffer.from(stream), cuts);
        expect(Buffer.concat([...cut.events, cut.rest]).toString()).toBe(stream);
        expect(cut.events.map(meaningOf)).toEqual(whole.events.map(meaningOf));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is handed on byte by byte without waiting for the LF of the last CRLF', () => {
    const splitter = new EventSplitter(large);
    expect(splitter.split(Buffer.from('data: 1\r\n\r'))).toHaveLength(1);
    expect(splitter.split(Buffer.from('\ndata: 2\r\n\r\n')).map(String)).toEqual(['\ndata: 2\r\n\r\n']);
  });

  it.each([
    ['in one chunk', [`data: ${'x'.repeat(20)}\n\n`]],
    ['over several', ['data: ', 'x'.repeat(12), 'x'.repeat(12)]],
    ['without an end of a line', ['x'.repeat(25)]],
    ['in lines', ['a\nb\nc\nd\ne\nf\n', 'g\nh\ni\nj\nk\n']],
  ])('is refused when an event is too large, %s', (_name, chunks) => {
    const splitter = new EventSplitter(20);
    const splitAll = (): void => {
      for (const chunk of chunks) splitter.split(Buffer.from(chunk));
    };
    expect(splitAll).toThrow(expect.objectContaining({ code: 'upstream_invalid' }));
  });

  it('may be as long as it likes, as long as each event is small', () => {
    const splitter = new EventSplitter(20);
    for (let event = 0; event < 100; event += 1) {
      expect(splitter.split(Buffer.from('data: 123456789\n\n'))).toHaveLength(1);
    }
  });
});
