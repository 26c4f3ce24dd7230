import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Field } from '@cardea/schemas/json';
import { Secret } from '../config/secret.ts';
import { sealBytes, Sealer, type SealerOptions, type SealingKey } from './sealer.ts';

const keyOf = (id: string, text = `the secret of ${id}, which is long enough`): SealingKey => {
  const secret = new Secret(text);
  return { id, secret: () => secret };
};

const make = (change: Partial<SealerOptions> = {}): Sealer =>
  new Sealer({ keys: [keyOf('k1')], purpose: 'session', organisation: 'acme', ...change });

const bound: readonly Field[] = [
  { tag: 0, text: 'desk' },
  { tag: 1, text: 'ann' },
];
const sealer = make();
// With its seal it has loose bits, and a padding elsewhere.
const content = Buffer.from('s-12');
const sealed = sealer.seal(content, bound);

describe('what was sealed', () => {
  it('opens, whatever it is and is bound to', () => {
    const fields = fc.array(
      fc.record({
        tag: fc.nat(255),
        text: fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed()),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fields, (bytes, to) => {
        const text = sealer.seal(bytes, to);
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(text.length).toBe(Math.ceil(((bytes.length + sealBytes) * 4) / 3));
        expect(sealer.open(text, to)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('is another text each time', () => {
    const texts = Array.from({ length: 100 }, () => sealer.seal(content, bound));
    expect(new Set(texts).size).toBe(100);
  });

  it('opens in every process that has the key', () => {
    expect(make().open(sealed, bound)).toEqual(content);
  });
});

describe('nothing opens', () => {
  const opens = (text: string): boolean => sealer.open(text, bound) !== undefined;

  it('with any one bit flipped', () => {
    const bytes = Buffer.from(sealed, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect([bit, opens(flipped.toString('base64url'))]).toEqual([bit, false]);
    }
  });

  it('with any one character changed', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n\0é';
    for (let at = 0; at < sealed.length; at += 1) {
      for (const character of alphabet) {
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        if (changed !== sealed) expect([at, character, opens(changed)]).toEqual([at, character, false]);
      }
    }
  });

  it('cut short or begun late', () => {
    for (let at = 1; at <= sealed.length; at += 1) {
      expect([opens(sealed.slice(0, -at)), opens(sealed.slice(at))]).toEqual([false, false]);
    }
  });

  it.each<[string, (text: string) => string]>([
    ['padded', (text) => `${text}=`],
    ['padded twice', (text) => `${text}==`],
    ['in base64', (text) => Buffer.from(text, 'base64url').toString('base64')],
    ['in hexadecimal', (text) => Buffer.from(text, 'base64url').toString('hex')],
    ['in upper case', (text) => text.toUpperCase()],
    ['in lower case', (text) => text.toLowerCase()],
    ['with a blank before it', (text) => ` ${text}`],
    ['with a blank behind it', (text) => `${text} `],
    ['with a line break in it', (text) => `${text.slice(0, 9)}\n${text.slice(9)}`],
    ['with a NUL behind it', (text) => `${text}\0`],
    ['with more behind it', (text) => `${text}AAAA`],
    ['twice', (text) => text + text],
    ['in quotes', (text) => `"${text}"`],
    ['escaped', (text) => `%${text}`],
    ['as nothing', () => ''],
  ])('%s', (_name, change) => {
    expect(opens(change(sealed))).toBe(false);
  });

  it('of what nobody sealed', () => {
    fc.assert(fc.property(fc.base64String({ maxLength: 400 }), (text) => !opens(text.replace(/=+$/, ''))));
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => !opens(text)));
  });

  it('made of the parts of two', () => {
    const [one, two] = [sealed, sealer.seal(content, bound)].map((text) => Buffer.from(text, 'base64url'));
    for (let at = 6; at < sealBytes + content.length; at += 1) {
      const mixed = Buffer.concat([(one as Buffer).subarray(0, at), (two as Buffer).subarray(at)]);
      expect([at, opens(mixed.toString('base64url'))]).toEqual([at, false]);
    }
  });
});

describe('what is bound', () => {
  it.each<[string, readonly Field[]]>([
    ['nothing', []],
    ['less', bound.slice(0, 1)],
    ['more', [...bound, { tag: 2, absent: true }]],
    ['the same in another order', [...bound].reverse()],
    ['the same cut elsewhere', [{ tag: 0, text: 'deskann' }]],
    [
      'another person',
      [
        { tag: 0, text: 'desk' },
        { tag: 1, text: 'bob' },
      ],
    ],
    [
      'another server',
      [
        { tag: 0, text: 'stripe' },
        { tag: 1, text: 'ann' },
      ],
    ],
    [
      'bytes for a text',
      [
        { tag: 0, text: 'desk' },
        { tag: 1, bytes: Buffer.from('ann') },
      ],
    ],
  ])('opens nothing for %s', (_name, other) => {
    expect(sealer.open(sealed, other)).toBeUndefined();
  });

  it.each<[string, Partial<SealerOptions>]>([
    ['another purpose', { purpose: 'state' }],
    ['another organisation', { organisation: 'acme.example' }],
    ['another key', { keys: [keyOf('k2')] }],
    ['the same secret under another id', { keys: [keyOf('k2', 'the secret of k1, which is long enough')] }],
    ['another secret under the same id', { keys: [keyOf('k1', 'another secret, which is long enough too')] }],
  ])('opens nothing for %s', (_name, change) => {
    expect(make(change).open(sealed, bound)).toBeUndefined();
  });
});

describe('keys', () => {
  it('are changed in three steps, and nothing is lost on the way', () => {
    const [older, newer] = [keyOf('k1'), keyOf('k2')];
    const steps = [[older], [older, newer], [newer, older], [newer]] as const;
    for (const [at, keys] of steps.entries()) {
      const here = make({ keys });
      const text = here.seal(content, bound);
      for (const beside of [steps[at - 1], keys, steps[at + 1]]) {
        if (beside !== undefined) expect(make({ keys: beside }).open(text, bound)).toEqual(content);
      }
    }
    expect(make({ keys: [newer] }).open(sealed, bound)).toBeUndefined();
  });

  it('are those that their files hold now', () => {
    let secret = new Secret('the first of two secrets in one file');
    const changing = make({ keys: [{ id: 'k1', secret: () => secret }] });
    const before = changing.seal(content, bound);
    expect(changing.open(before, bound)).toEqual(content);
    secret = new Secret('the second of two secrets in one file');
    expect(changing.open(before, bound)).toBeUndefined();
    expect(changing.open(changing.seal(content, bound), bound)).toEqual(content);
  });

  it('have ids of their own', () => {
    expect(() => make({ keys: [keyOf('k1'), keyOf('k1', 'x'.repeat(40))] })).toThrow(RangeError);
  });
});
