// What kind of network an address is in, by the registries of IANA for addresses with a special purpose (RFC 6890). What
// is not known to be public is not: of IPv6 only what is assigned to the internet at large can be.
import { BlockList } from 'node:net';
import { fromIPv4, type Address } from './address.ts';

export type AddressClass =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'unique-local'
  /** RFC 6598: between a carrier's customers and its NAT. */
  | 'carrier-grade NAT'
  | 'multicast'
  | 'reserved'
  /** Where clouds tell their machines who they are, and hand out their credentials. */
  | 'metadata';

type Range = readonly [network: string, bits: number];

/** The first that has the address is its class. */
const classes: readonly (readonly [AddressClass, readonly Range[]])[] = [
  [
    'metadata',
    [
      ['169.254.169.254', 32],
      // Containers and pods of AWS, Scaleway, Alibaba, Oracle, and Azure, whose is a public address.
      ['169.254.170.2', 32],
      ['169.254.170.23', 32],
      ['169.254.42.42', 32],
      ['100.100.100.200', 32],
      ['192.0.0.192', 32],
      ['168.63.129.16', 32],
      ['fd00:ec2::254', 128],
      ['fd00:ec2::23', 128],
      ['fd00:42::42', 128],
      ['fd20:ce::254', 128],
    ],
  ],
  [
    'loopback',
    [
      ['127.0.0.0', 8],
      ['::1', 128],
    ],
  ],
  [
    'private',
    [
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
    ],
  ],
  [
    'link-local',
    [
      ['169.254.0.0', 16],
      ['fe80::', 10],
    ],
  ],
  ['unique-local', [['fc00::', 7]]],
  ['carrier-grade NAT', [['100.64.0.0', 10]]],
  [
    'multicast',
    [
      ['224.0.0.0', 4],
      ['ff00::', 8],
    ],
  ],
  [
    'reserved',
    [
      // "This network": many systems connect to themselves.
      ['0.0.0.0', 8],
      ['192.0.0.0', 24],
      ['192.0.2.0', 24],
      ['192.88.99.0', 24],
      ['198.18.0.0', 15],
      ['198.51.100.0', 24],
      ['203.0.113.0', 24],
      ['240.0.0.0', 4],
      // Teredo carries IPv4 in it, in disguise.
      ['2001::', 23],
      ['2001:db8::', 32],
      ['3fff::', 20],
    ],
  ],
];

const lists = classes.map(([name, ranges]) => ({ name, list: listOf(ranges) }));
const globalUnicast = listOf([['2000::', 3]]);

/** Where the IPv4 address stands that such an address leads to: NAT64 (RFC 6052) and 6to4 (RFC 3056). */
const carriers = [
  { list: listOf([['64:ff9b::', 96]]), at: 12 },
  { list: listOf([['2002::', 16]]), at: 2 },
];

export function classifyAddress(address: Address): AddressClass {
  const { family, text, bytes } = address;
  const found = lists.find(({ list }) => list.check(text, family));
  if (found !== undefined) return found.name;
  if (family === 'ipv4') return 'public';
  const carrier = carriers.find(({ list }) => list.check(text, family));
  if (carrier !== undefined)
    return classifyAddress(fromIPv4([...bytes.subarray(carrier.at, carrier.at + 4)]));
  return globalUnicast.check(text, family) ? 'public' : 'reserved';
}

function listOf(ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [network, bits] of ranges)
    list.addSubnet(network, bits, network.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}
