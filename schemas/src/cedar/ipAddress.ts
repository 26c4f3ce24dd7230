// One IP address, in the spellings that Cedar's ip() takes. Ranges are not addresses.

import type { ExtensionValue } from './value.ts';
import { Unrepresentable } from './value.ts';

const groupCount = 8;
const octetPattern = /^(?:0|[1-9]\d{0,2})$/;
const groupPattern = /^[0-9a-f]{1,4}$/i;

export function toIpAddress(text: string): ExtensionValue | Unrepresentable {
  if (isIpv4(text)) return { __extn: { fn: 'ip', arg: text } };
  const groups = readIpv6(text);
  if (groups === undefined) return new Unrepresentable('it is not an IP address');
  // Hosts connect to the IPv4 address inside, which a policy on IPv4 ranges would not recognise (RFC 4291, 2.5.5.2).
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return new Unrepresentable('it is an IPv4 address in the guise of IPv6');
  return { __extn: { fn: 'ip', arg: text } };
}

function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return octets.length === 4 && octets.every((octet) => octetPattern.test(octet) && Number(octet) <= 255);
}

// The eight groups; undefined for anything else, an embedded dotted quad or a zone included (Cedar takes neither).
function readIpv6(text: string): number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const before = readGroups(head);
  const after = readGroups(tail ?? '');
  if (before === undefined || after === undefined) return undefined;
  const missing = groupCount - before.length - after.length;
  if (tail === undefined) return missing === 0 ? before : undefined;
  return missing < 1 ? undefined : [...before, ...Array<number>(missing).fill(0), ...after];
}

function readGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  if (!groups.every((group) => groupPattern.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}
