// An IP address as bytes: two spellings of one address are one, and IPv4 inside IPv6 is IPv4.
import { isIPv4, isIPv6 } from 'node:net';

export interface Address {
  readonly family: 'ipv4' | 'ipv6';
  /** In a spelling that node:net takes, without a zone. */
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** Of a `::ffff:a.b.c.d`, which is what sockets of both families call an IPv4 address. */
const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Undefined for what is no address. */
export function readAddress(text: string): Address | undefined {
  const [plain = ''] = text.split('%', 1);
  if (isIPv4(plain)) return fromIPv4(plain.split('.').map(Number));
  if (!isIPv6(plain)) return undefined;
  const bytes = expand(plain);
  if (mappedPrefix.every((byte, at) => bytes[at] === byte)) return fromIPv4([...bytes.subarray(12)]);
  return { family: 'ipv6', text: plain, bytes };
}

export function fromIPv4(bytes: readonly number[]): Address {
  return { family: 'ipv4', text: bytes.join('.'), bytes: Uint8Array.from(bytes) };
}

export function isSameAddress(one: Address, other: Address): boolean {
  return Buffer.compare(one.bytes, other.bytes) === 0;
}

/** Of a valid one. The last 32 bits may be in the notation of IPv4. */
function expand(text: string): Uint8Array {
  const [head = [], tail = []] = text.split('::').map(toBytes);
  return Uint8Array.from([...head, ...Array<number>(16 - head.length - tail.length).fill(0), ...tail]);
}

function toBytes(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
