// With what sessions and states are sealed, and how long they last.
import { makeSealingKey, type SealerOptions, type SealingKey } from './sealer.ts';
import { sessionLimitsDefault, type SessionLimits } from './sessionLimits.ts';

export interface Sealing extends Omit<SealerOptions, 'purpose'> {
  readonly limits: SessionLimits;
  /** Other proxies open what this one has sealed. */
  readonly isShared: boolean;
}

interface Given {
  readonly organisation: string;
  readonly keys: readonly SealingKey[];
  readonly limits: SessionLimits | undefined;
}

/** Where no keys are given there is one that ends with this process: so do its sessions then. */
export function makeSealing({ organisation, keys, limits = sessionLimitsDefault }: Given): Sealing {
  const [first = makeSealingKey(), ...others] = keys;
  return { organisation, keys: [first, ...others], limits, isShared: keys.length > 0 };
}
