import { describe, expect, it } from '@jest/globals';
import { readAddress, type Address } from './address.ts';
import { AddressRanges } from './addressRanges.ts';

const at = (text: string): Address => readAddress(text) as Address;

describe('AddressRanges', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '::ffff:10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '64:ff9b::a00:1', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['10.1.2.0/31', '10.1.2.1', true],
    ['0.0.0.0/0', '10.1.2.1', true],
    ['0.0.0.0/0', 'fd00::1', false],
    ['fd00::/8', 'fd12::1', true],
    ['FD00::/8', 'fc12::1', false],
    ['64:ff9b::/96', '64:ff9b::a00:1', true],
    ['::/0', '::1', true],
  ])('%s and %s: %s', (range, address, isCovered) => {
    expect(new AddressRanges([range]).covers(at(address))).toBe(isCovered);
  });

  it('names what stands in it by itself', () => {
    const ranges = new AddressRanges(['10.0.0.0/8', '10.1.2.3', 'fd00:ec2::254/128']);
    expect(['10.1.2.3', '10.1.2.4', 'fd00:ec2:0::254'].map((text) => ranges.names(at(text)))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it.each([
    '',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.1/8',
    '10.0.0.128/24',
    'fd00::1/64',
    'fd00::/129',
    '10.0.0/8',
    '10/8',
    '::ffff:10.0.0.0/104',
    'fe80::%eth0/64',
    'localhost',
    '10.0.0.0/8 ',
    '*',
  ])('refuses %p', (text) => {
    expect(() => new AddressRanges(['10.0.0.0/8', text])).toThrow(
      expect.objectContaining({ name: 'RangeError', index: 1 }),
    );
  });

  it('refuses more ranges than anybody has', () => {
    expect(() => new AddressRanges(Array<string>(257).fill('10.0.0.0/8'))).toThrow(/256/);
  });
});
