import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '@cardea/schemas/codes';
import { HeldBytes, type Holding } from './heldBytes.ts';

function codeOf(holding: Holding, bytes: number): string {
  try {
    holding.set(bytes);
    return 'held';
  } catch (refusal) {
    return (refusal as Refusal).code;
  }
}

describe('what relays hold', () => {
  it('is no more for each than what is left besides', () => {
    const held = new HeldBytes(100);
    const [large, second, small] = [held.open(), held.open(), held.open()];
    expect(codeOf(large, 51)).toBe('overloaded');
    large.end();
    expect([codeOf(large, 50), codeOf(second, 26)]).toEqual(['held', 'overloaded']);
    second.end();
    expect([codeOf(second, 25), codeOf(small, 12)]).toEqual(['held', 'held']);
    expect(held.bytes).toBe(87);
  });

  it('may become less whatever the others hold, and is nothing in the end', () => {
    const held = new HeldBytes(100);
    const [first, second] = [held.open(), held.open()];
    first.set(50);
    second.set(25);
    expect([codeOf(first, 49), codeOf(second, 24)]).toEqual(['held', 'held']);
    first.end();
    first.end();
    second.end();
    expect(held.bytes).toBe(0);
  });
});
