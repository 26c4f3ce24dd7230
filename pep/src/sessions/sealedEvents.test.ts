import { describe, expect, it } from '@jest/globals';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { SealedEvents } from './sealedEvents.ts';
import { makeSealing } from './sealing.ts';

const sealing = makeSealing({ organisation: 'acme', keys: [], limits: undefined });
const events = new SealedEvents(sealing);
const session = { server: 'desk', identity: sampleIdentity('ann'), upstreamId: 's-1' };

describe('the id of an event', () => {
  it.each(['1', 'event-7', '_GET_stream_17:a b', '\u00e9', 'x'.repeat(256)])(
    "is the server's own again, in any replica: %j",
    (id) => {
      const sealed = events.seal(id, session);
      expect(sealed).toMatch(/^[A-Za-z0-9_-]{40,400}$/);
      expect(new SealedEvents(sealing).open(sealed, { ...session })).toBe(id);
    },
  );

  it.each([
    ['of another session', { ...session, upstreamId: 's-2' }],
    ['of another person', { ...session, identity: sampleIdentity('bob') }],
    ['of another grant', { ...session, identity: sampleIdentity('ann', { id: 'g-2' }) }],
    ['of another server', { ...session, server: 'stripe' }],
  ])('is none %s', (_name, other) => {
    expect(events.open(events.seal('1', session), other)).toBeUndefined();
  });

  it.each(['', '1', 'event-7', 'A'.repeat(600)])('is none that was not sealed: %j', (id) => {
    expect(events.open(id, session)).toBeUndefined();
  });

  it.each(['', ' ', 'a\n', 'a\0', ' a', 'x'.repeat(257), '\u2028'])(
    'is not sealed where no header carries it: %j',
    (id) => {
      expect(events.seal(id, session)).toBe(id);
    },
  );
});
