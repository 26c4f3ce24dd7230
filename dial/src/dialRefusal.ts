// A connection that is not used, since of where it leads.
import type { AddressClass } from './addressClass.ts';

/** Its message is for whoever runs the process, and says what would have to be allowed. */
export class DialRefusal extends Error {
  readonly hostname: string;
  readonly address: string;

  constructor(hostname: string, address: string, kind: AddressClass) {
    const way = hostname === address ? `${address} is` : `${hostname} leads to ${address}, which is`;
    super(`${way} ${kind}: a range that has it would have to be allowed (dial.allow, --dial-allow)`);
    this.name = 'DialRefusal';
    this.hostname = hostname;
    this.address = address;
  }
}

/** The refusal behind a fault, if that is why. */
export function refusalBehind(fault: unknown): DialRefusal | undefined {
  for (let cause = fault, depth = 0; cause instanceof Error && depth < depthMax; depth += 1) {
    if (cause instanceof DialRefusal) return cause;
    cause = cause.cause;
  }
  return undefined;
}

const depthMax = 8;
