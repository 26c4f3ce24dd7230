import { describe, expect, it } from '@jest/globals';
import { RelayedEvents } from './relayedEvents.ts';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));

describe('the events of a session', () => {
  it('are those that were sent on it, while a stream is open and after', () => {
    const events = new RelayedEvents();
    const stream = events.begin();
    stream.note('a');
    expect([events.has('a'), events.has('b')]).toEqual([true, false]);
    stream.end();
    expect(events.has('a')).toBe(true);
    expect(new RelayedEvents().has('a')).toBe(false);
  });

  it('are the last ones of each stream', () => {
    const events = new RelayedEvents();
    const quiet = events.begin();
    quiet.note('quiet');
    const busy = events.begin();
    for (const id of numbers(1_000)) busy.note(id);
    expect(['quiet', '999', '936', '935'].map((id) => events.has(id))).toEqual([true, true, true, false]);
  });

  it('are those of open streams, and of the last that ended', () => {
    const events = new RelayedEvents();
    const open = events.begin();
    open.note('open');
    for (const id of numbers(20)) {
      const stream = events.begin();
      stream.note(id);
      stream.end();
    }
    expect(['open', '19', '4', '3'].map((id) => events.has(id))).toEqual([true, true, true, false]);
  });

  it('have an id that can be kept', () => {
    const events = new RelayedEvents();
    const stream = events.begin();
    stream.note('');
    stream.note('x'.repeat(129));
    stream.end();
    expect([events.has(''), events.has('x'.repeat(129))]).toEqual([false, false]);
  });
});
