import { describe, expect, it } from '@jest/globals';
import { digestOf, hexOf, isDigest, sha256Bytes, sha256Hex } from './digest.ts';

// FIPS 180-2, appendix B.1.
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('digestOf', () => {
  it('agrees with the vector of the standard, for text and bytes alike', () => {
    expect(digestOf('abc')).toBe(`sha256:${abc}`);
    expect(digestOf(Uint8Array.of(0x61, 0x62, 0x63))).toBe(`sha256:${abc}`);
    expect(sha256Hex('abc')).toBe(abc);
    expect(Buffer.from(sha256Bytes('abc')).toString('hex')).toBe(abc);
  });

  it('gives back its hex digits', () => {
    expect(hexOf(digestOf('abc'))).toBe(abc);
  });
});

describe('isDigest', () => {
  it.each([
    ['upper case', `sha256:${abc.toUpperCase()}`],
    ['no algorithm', abc],
    ['another algorithm', `sha512:${abc}`],
    ['a digit short', `sha256:${abc.slice(1)}`],
    ['a digit more', `sha256:${abc}0`],
    ['a line end', `sha256:${abc}\n`],
    ['a path', `sha256:${'../'.repeat(21)}a`],
    ['no text', 7],
  ])('refuses %s', (_, value) => {
    expect(isDigest(value)).toBe(false);
  });

  it('accepts what digestOf gives', () => {
    expect(isDigest(digestOf(''))).toBe(true);
  });
});
