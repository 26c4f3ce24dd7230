import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { PolicyList } from './policyStore.ts';
import { SliceCache } from './sliceCache.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('SliceCache', () => {
  it('keeps no long ids, of which callers could make up any number', () => {
    const cache = new SliceCache(new PolicyList([]));
    const action = { type: 'Action', id: 'read' };
    const beforeBytes = usedBytes();
    for (let number = 0; number < 64; number += 1) {
      const principal = { type: 'User', id: `${number}${'x'.repeat(1_000_000)}` };
      cache.sliceFor({
        principal,
        action,
        resource: action,
        ancestors: () => new Set(),
        isLasting: () => false,
      });
    }
    expect(usedBytes() - beforeBytes).toBeLessThan(16_000_000);
    // The cache is still in use, and not collected with what it keeps.
    expect(cache.misses).toBe(1);
  });
});
