// What the proxy may reach beside what is public, and what its operator has written as an address.
import { AddressRanges, RangeFault } from '@cardea/dial';
import { WireRefusal, type WireProxyConfig } from '@cardea/schemas/wire';

export interface DialConfig {
  readonly allow: AddressRanges;
}

/** Undefined where nothing is allowed. Throws WireRefusal. */
export function readDialling({ dial }: WireProxyConfig): DialConfig | undefined {
  if (dial === undefined) return undefined;
  try {
    return { allow: new AddressRanges(dial.allow) };
  } catch (fault) {
    if (!(fault instanceof RangeFault)) throw fault;
    throw new WireRefusal(`/dial/allow/${fault.index}`, `dial.allow: ${fault.message}`);
  }
}
