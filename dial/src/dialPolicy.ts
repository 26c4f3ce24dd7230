// Which addresses a name may lead to. A name is anybody's who answers for it, and may mean another address for each
// connection (DNS rebinding): so what is judged is the address that a connection has.
import { isSameAddress, readAddress, type Address } from './address.ts';
import { classifyAddress } from './addressClass.ts';
import type { AddressRanges } from './addressRanges.ts';
import { DialRefusal } from './dialRefusal.ts';

export interface DialPolicy {
  /** What is not public, and may be reached all the same. */
  readonly allow: AddressRanges;
  /** Told of each connection that was refused, and of each to the same place that was made, as undefined. */
  readonly report?: (place: string, refusal: DialRefusal | undefined) => void;
}

/** Where a connection is to go. */
export interface Place {
  /** Without the brackets of IPv6. */
  readonly hostname: string;
  readonly port: number;
}

/**
 * Undefined for one that may be used. An address that the operator has written is meant; what a name or another's document
 * leads to has to be public or allowed, and one of metadata allowed by itself: no range of many opens it.
 */
export function judgeAddress(
  { allow }: DialPolicy,
  { hostname, isWritten }: Place & { readonly isWritten: boolean },
  remote: string,
): DialRefusal | undefined {
  const address = readAddress(remote);
  if (address === undefined) return new DialRefusal(hostname, remote, 'reserved');
  const kind = classifyAddress(address);
  if (kind === 'public' || allow.names(address)) return undefined;
  if (kind !== 'metadata' && allow.covers(address)) return undefined;
  if (isWritten && isMeant(hostname, address)) return undefined;
  return new DialRefusal(hostname, address.text, kind);
}

export function placeOf({ protocol, hostname, port }: Pick<URL, 'protocol' | 'hostname' | 'port'>): Place {
  const portDefault = protocol === 'https:' ? 443 : 80;
  return { hostname: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? portDefault : Number(port) };
}

/** `localhost` is this machine, whoever resolves it. */
function isMeant(hostname: string, address: Address): boolean {
  if (hostname === 'localhost') return classifyAddress(address) === 'loopback';
  const literal = readAddress(hostname);
  return literal !== undefined && isSameAddress(literal, address);
}
