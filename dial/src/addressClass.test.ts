import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromIPv4, readAddress } from './address.ts';
import { classifyAddress } from './addressClass.ts';

const classOf = (text: string): string => {
  const address = readAddress(text);
  return address === undefined ? 'none' : classifyAddress(address);
};

describe('classifyAddress', () => {
  it.each([
    // The edges of each range, and what lies beyond them.
    ['1.0.0.0', 'public'],
    ['0.0.0.0', 'reserved'],
    ['0.255.255.255', 'reserved'],
    ['9.255.255.255', 'public'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['11.0.0.0', 'public'],
    ['100.63.255.255', 'public'],
    ['100.64.0.0', 'carrier-grade NAT'],
    ['100.127.255.255', 'carrier-grade NAT'],
    ['100.128.0.0', 'public'],
    ['126.255.255.255', 'public'],
    ['127.0.0.0', 'loopback'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['128.0.0.0', 'public'],
    ['169.253.255.255', 'public'],
    ['169.254.0.0', 'link-local'],
    ['169.254.255.255', 'link-local'],
    ['172.15.255.255', 'public'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.0.0.1', 'reserved'],
    ['192.0.1.0', 'public'],
    ['192.0.2.1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['192.167.255.255', 'public'],
    ['192.168.0.0', 'private'],
    ['192.168.255.255', 'private'],
    ['192.169.0.0', 'public'],
    ['198.17.255.255', 'public'],
    ['198.18.0.0', 'reserved'],
    ['198.19.255.255', 'reserved'],
    ['198.51.100.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['223.255.255.255', 'public'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.0', 'reserved'],
    ['255.255.255.255', 'reserved'],
    // Clouds.
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['169.254.170.23', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['FD00:0EC2:0:0:0:0:0:254', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['2002:a9fe:a9fe::1', 'metadata'],
    // IPv6.
    ['::', 'reserved'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['::2', 'reserved'],
    ['::127.0.0.1', 'reserved'],
    ['::10.0.0.1', 'reserved'],
    ['fbff::1', 'reserved'],
    ['fc00::', 'unique-local'],
    ['fdff:ffff::1', 'unique-local'],
    ['fe00::1', 'reserved'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'reserved'],
    ['ff02::1', 'multicast'],
    ['100::1', 'reserved'],
    ['2001::1', 'reserved'],
    ['2001:0:7f00:1::', 'reserved'],
    ['2001:1ff::1', 'reserved'],
    ['2001:200::1', 'public'],
    ['2001:db8::1', 'reserved'],
    ['2606:4700::1111', 'public'],
    ['3fff::1', 'reserved'],
    ['3fff:1000::1', 'public'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'reserved'],
    // IPv4 in IPv6.
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['0:0:0:0:0:ffff:10.0.0.1', 'private'],
    ['::FFFF:C0A8:1', 'private'],
    ['::ffff:8.8.8.8', 'public'],
    ['::ffff:0:127.0.0.1', 'reserved'],
    ['64:ff9b::127.0.0.1', 'loopback'],
    ['64:ff9b::a00:1', 'private'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['64:ff9b:1::a00:1', 'reserved'],
    ['64:ff9b:0:0:0:1:a00:1', 'reserved'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:a00:1::1', 'private'],
    ['2002:6440:1::', 'carrier-grade NAT'],
    ['2002:808:808::1', 'public'],
    // No address, whatever a resolver of names would make of it.
    ['127.1', 'none'],
    ['0x7f.0.0.1', 'none'],
    ['2130706433', 'none'],
    ['010.0.0.1', 'none'],
    ['127.0.0.1.', 'none'],
    [' 127.0.0.1', 'none'],
    ['[::1]', 'none'],
    ['1::2::3', 'none'],
    ['localhost', 'none'],
    ['', 'none'],
    ['%eth0', 'none'],
  ])('takes %s for %s', (text, kind) => {
    expect(classOf(text)).toBe(kind);
  });

  it('takes IPv4 for the same wherever it is carried', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const kind = classifyAddress(fromIPv4(octets));
        const groups = Buffer.from(octets).toString('hex').replace(/^..../, '$&:');
        const carried = [`::ffff:${groups}`, `64:ff9b::${groups}`, `2002:${groups}:9::9`];
        expect(carried.map(classOf)).toEqual([kind, kind, kind]);
      }),
    );
  });

  it('reads every spelling of an address as the same bytes', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const { hostname } = new URL(`http://[${text}]/`);
        expect(readAddress(text)?.bytes).toEqual(readAddress(hostname.slice(1, -1))?.bytes);
      }),
    );
  });
});
