import { describe, expect, it } from '@jest/globals';
import { collectGarbage } from './garbage.ts';

describe('collectGarbage', () => {
  it('leaves nothing that nobody holds, and everything else', async () => {
    const held = { name: 'held' };
    const references = [new WeakRef(held), new WeakRef({ name: 'dropped' })];
    await collectGarbage();
    expect(references.map((reference) => reference.deref()?.name)).toEqual(['held', undefined]);
    expect(held.name).toBe('held');
  });

  it('can be asked for twice at once', async () => {
    await expect(Promise.all([collectGarbage(), collectGarbage()])).resolves.toHaveLength(2);
  });
});
