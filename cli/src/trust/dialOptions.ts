// Where names on a command line may lead beside public addresses.
import { AddressRanges, RangeFault } from '@cardea/dial';
import { Failure } from '../frame/failure.ts';

export const dialOptions = {
  'dial-allow': {
    type: 'text',
    value: 'RANGE',
    many: true,
    description:
      'where names in URLs may lead beside public addresses, as 10.0.0.0/8; an address that is written needs none',
  },
} as const;

/** Throws Failure. */
export function readRanges(texts: readonly string[]): AddressRanges {
  try {
    return new AddressRanges(texts);
  } catch (fault) {
    if (fault instanceof RangeFault) throw new Failure(`--dial-allow: ${fault.message}`);
    throw fault;
  }
}
