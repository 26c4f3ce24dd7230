// What is compared: something that holds the workload's policies and answers its requests, from the values of a
// request to its verdict.
import type { Rule } from '../workload/policies.ts';
import type { BenchRequest } from '../workload/requests.ts';

/** Ready to answer: the requests are known, so that none pays for turning the workload into its own types. */
export interface Decider {
  /** The verdict on the request of this number. A promise only from those that offer nothing else. */
  readonly decide: (request: number) => boolean | Promise<boolean>;
  readonly close: () => void;
}

export interface Contender {
  readonly name: string;
  /** Rejects where the contender cannot be run here; the reason is printed in place of figures. */
  readonly prepare: (rules: readonly Rule[], requests: readonly BenchRequest[]) => Promise<Decider>;
}
