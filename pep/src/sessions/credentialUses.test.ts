import { beforeEach, describe, expect, it } from '@jest/globals';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { CredentialUses } from './credentialUses.ts';
import { beginUse } from './session.ts';

const pauseMs = 1_000;
const ann = sampleIdentity('ann');

let nowMs: number;
let uses: CredentialUses;

beforeEach(() => {
  nowMs = 1_000_000;
  uses = new CredentialUses(pauseMs, () => nowMs);
});

const ageMs = (identity = ann): number => nowMs - uses.find(identity).createdMs;

/** A call that takes so long. */
function call(ms = 0): void {
  const end = beginUse(uses.find(ann), () => nowMs);
  nowMs += ms;
  end();
}

describe('the use of a credential', () => {
  it('begins with the first call, however long ago it was issued', () => {
    expect(uses.find(ann)).toMatchObject({ name: 'g-ann', createdMs: nowMs, usedMs: nowMs });
  });

  it('goes on as long as there is no pause', () => {
    for (let time = 0; time < 10; time += 1) {
      call();
      nowMs += pauseMs;
    }
    expect(ageMs()).toBe(10 * pauseMs);
  });

  it('begins anew after a pause', () => {
    call();
    nowMs += pauseMs + 1;
    expect(ageMs()).toBe(0);
  });

  it('counts the pause from the end of the last call, and has none while one runs', () => {
    call(5_000);
    nowMs += pauseMs;
    expect(ageMs()).toBe(6_000);
    const end = beginUse(uses.find(ann), () => nowMs);
    nowMs += 10_000;
    expect(ageMs()).toBe(16_000);
    end();
  });

  it('is that of one person with one agent under one grant, whatever they may do by now', () => {
    call();
    nowMs += 500;
    expect([
      ageMs(sampleIdentity('ann', { effects: ['write'] })),
      ageMs(sampleIdentity('bob')),
      ageMs(sampleIdentity('ann', { id: 'g-2' })),
      ageMs(sampleIdentity('ann', { agent: { id: 'other', groups: [] } })),
    ]).toEqual([500, 0, 0, 0]);
  });

  it('does not begin anew because a clock was set back', () => {
    call();
    nowMs -= 5_000;
    expect(uses.find(ann).createdMs).toBe(1_000_000);
  });
});
