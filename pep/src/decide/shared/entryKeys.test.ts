import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../config/secret.ts';
import { EntryKeys, type EntryKey } from './entryKeys.ts';
import { entryBytesMax, openEntry, sealEntry } from './sealedEntry.ts';

const one = new Secret('a'.repeat(32));
const two = new Secret('b'.repeat(32));
const keys = (organisation: string, ...secrets: readonly Secret[]): EntryKeys =>
  new EntryKeys(
    organisation,
    secrets.map((secret) => () => secret),
  );

const content = Buffer.from('what was said');

const open = (entry: Buffer, by: EntryKeys, server: string): string => {
  const opened = openEntry(entry, (id) => by.reading(server, id));
  return opened.kind === 'opened' ? opened.content.toString() : opened.why;
};

describe('keys of entries', () => {
  it('differ for every root key, organisation and server', () => {
    const written: EntryKey[] = [
      keys('acme', one).writing('desk'),
      keys('acme', two).writing('desk'),
      keys('acme2', one).writing('desk'),
      keys('acme', one).writing('desk2'),
      keys('acmed', one).writing('esk'),
    ];
    expect(new Set(written.map(({ key }) => key.export().toString('hex'))).size).toBe(written.length);
    expect(new Set(written.map(({ id }) => id.toString('hex'))).size).toBe(2);
    for (const { id, key } of written) expect(key.export().toString('hex')).not.toContain(id.toString('hex'));
  });

  it('never change: other proxies, of other versions too, derive the same', () => {
    const { id, key } = keys('acme', one).writing('desk');
    expect([id.toString('hex'), key.export().toString('hex')]).toMatchInlineSnapshot(`
     [
       "7099688a3c50beec",
       "aed36b56da9fc31caab8d351b26d085ffee4940164a4fd7fab55370d9701a3c4",
     ]
    `);
  });

  it('are exchanged one by one: the first writes, all of them read', () => {
    const entry = sealEntry(content, keys('acme', one).writing('desk'));
    const before = keys('acme', one);
    const between = keys('acme', two, one);
    const after = keys('acme', two);
    expect([before, between, after].map((by) => open(entry, by, 'desk'))).toEqual([
      'what was said',
      'what was said',
      'unknown_key',
    ]);
    expect(open(sealEntry(content, between.writing('desk')), after, 'desk')).toBe('what was said');
  });

  it('follow a secret that changes', () => {
    let secret = one;
    const changing = new EntryKeys('acme', [() => secret]);
    const entry = sealEntry(content, changing.writing('desk'));
    secret = two;
    expect(open(entry, changing, 'desk')).toBe('unknown_key');
  });
});

describe('a sealed entry', () => {
  const ours = keys('acme', one);
  const entry = sealEntry(content, ours.writing('desk'));

  it('opens under the key that sealed it, and no other', () => {
    expect(open(entry, ours, 'desk')).toBe('what was said');
    expect(open(entry, ours, 'stripe')).toBe('forged');
    expect(open(entry, keys('acme2', one), 'desk')).toBe('forged');
    expect(open(entry, keys('acme', two), 'desk')).toBe('unknown_key');
  });

  it('does not open when any bit of it is another', () => {
    for (let bit = 0; bit < entry.length * 8; bit += 1) {
      const forged = Buffer.from(entry);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(['malformed', 'unknown_key', 'forged']).toContain(open(forged, ours, 'desk'));
    }
  });

  it('does not open at any other length', () => {
    for (let length = 0; length < entry.length; length += 1)
      expect(['malformed', 'forged']).toContain(open(entry.subarray(0, length), ours, 'desk'));
    expect(open(Buffer.concat([entry, Buffer.alloc(1)]), ours, 'desk')).toBe('forged');
    expect(open(Buffer.alloc(entryBytesMax + 1, entry), ours, 'desk')).toBe('too_large');
  });
});
