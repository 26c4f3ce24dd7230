// Ranges of addresses that an operator allows, in the notation of CIDR.
import { BlockList } from 'node:net';
import { isSameAddress, readAddress, type Address } from './address.ts';

const rangesMax = 256;

/** One range of a list is not one. Its message names the range. */
export class RangeFault extends RangeError {
  readonly index: number;

  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}

export class AddressRanges {
  readonly #list = new BlockList();
  readonly #single: Address[] = [];

  /** `10.0.0.0/8`, `fd00::/8`, or one address. Throws RangeFault. */
  constructor(texts: readonly string[] = []) {
    if (texts.length > rangesMax) throw new RangeFault(rangesMax, `there may be ${rangesMax} ranges`);
    for (const [index, text] of texts.entries()) this.#add(text, index);
  }

  covers({ text, family }: Address): boolean {
    return this.#list.check(text, family);
  }

  /** Whether it is one of them by itself, and not only in a range of many. */
  names(address: Address): boolean {
    return this.#single.some((one) => isSameAddress(one, address));
  }

  #add(text: string, index: number): void {
    const [, network = '', mask] = /^([0-9a-f.:]{2,45})(?:\/(0|[1-9]\d{0,2}))?$/i.exec(text) ?? [];
    const address = readAddress(network);
    if (address === undefined) throw new RangeFault(index, `${text} is no range like 10.0.0.0/8`);
    if (address.family === 'ipv4' && network.includes(':'))
      throw new RangeFault(index, `${text} is IPv4, and is to be written so`);
    const bitsMax = address.bytes.length * 8;
    const bits = mask === undefined ? bitsMax : Number(mask);
    if (bits > bitsMax) throw new RangeFault(index, `${text} has more than ${bitsMax} bits`);
    if (hasBitsBeyond(address.bytes, bits))
      throw new RangeFault(
        index,
        `${text} is one address and a range at once: the bits behind /${bits} are not 0`,
      );
    if (bits === bitsMax) this.#single.push(address);
    this.#list.addSubnet(address.text, bits, address.family);
  }
}

function hasBitsBeyond(bytes: Uint8Array, bits: number): boolean {
  return bytes.some((byte, at) => (byte & (0xff >> Math.min(8, Math.max(0, bits - at * 8)))) !== 0);
}
