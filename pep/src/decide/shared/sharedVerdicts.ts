// What other proxies were told, for whoever asks the same: the cache behind the one in this process.
import type { WireDecision } from '@cardea/schemas/wire';
import type { CallFacts, Circumstances } from '../../facts/callFacts.ts';
import type { ReadPaths } from '../fingerprint.ts';

export interface SharedQuestion {
  readonly bundle: string;
  readonly about: Pick<Circumstances, 'identity' | 'target'>;
  readonly facts: Pick<CallFacts, 'at'>;
}

/** As the decision service has said it. */
export type SharedAnswer = WireDecision['context'];

/** Nothing of it throws or rejects, and nothing takes long: what goes wrong is a miss. */
export interface SharedVerdicts {
  /** The paths that any verdict about this can read. */
  findPaths(question: SharedQuestion): Promise<readonly string[] | undefined>;
  /** Its expiry is what is left of the life that the service gave it. */
  find(question: SharedQuestion, paths: ReadPaths): Promise<SharedAnswer | undefined>;
  /** `isNews`: nobody else has told the paths so far. What may not be shared is not. */
  keep(question: SharedQuestion, paths: ReadPaths, answer: SharedAnswer, isNews: boolean): void;
}
