// What endpoints work with. Composed once per worker.
import type { Code } from '@cardea/schemas/codes';
import type { Decide } from '../decision/decider.ts';
import type { Pace } from '../http/lane.ts';
import type { RateTable } from '../http/rateTable.ts';
import type { ServiceLimits } from '../limits.ts';
import type { State } from '../serving/state.ts';

export interface Services {
  readonly state: State;
  readonly decide: Decide;
  readonly newId: () => string;
  readonly newPace: () => Pace;
  /** By name, for requests that hold more than one. */
  readonly callerRates: RateTable;
  /** For refusals that are part of an answer. */
  readonly countRefusal: (code: Code) => void;
  readonly limits: ServiceLimits;
  /** The address that callers know the service by, without a slash at its end. */
  readonly publicUrl: () => string;
  /** What only the supervisor has. */
  readonly supervisor: SupervisorServices;
}

export interface SupervisorServices {
  /** Prometheus text over all workers. */
  readonly scrape: () => Promise<string>;
  /** The archived manifest of a bundle; undefined where there is none. */
  readonly readManifest: (digest: string) => Promise<Uint8Array | undefined>;
}
