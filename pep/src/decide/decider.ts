// A verdict for one call: from this process where it was had before, from what proxies share where there is such a thing,
// else from the decision service; once for all who ask the same at the same time.
import { codes } from '@cardea/schemas/codes';
import type { WireDecision } from '@cardea/schemas/wire';
import { CallFacts, type Circumstances } from '../facts/callFacts.ts';
import type { Counts } from '../usage/usage.ts';
import type { DecisionClient } from './decisionClient.ts';
import { readPaths, writeFingerprint, writeTuple, type ReadPaths } from './fingerprint.ts';
import { questionPath, readDecision, toVerdict, writeQuestion, type Question } from './question.ts';
import type { SharedVerdicts } from './shared/sharedVerdicts.ts';
import type { VerdictCache } from './verdictCache.ts';
import type { Verdict } from './verdict.ts';

export interface DeciderOptions {
  readonly endpoint: Pick<DecisionClient, 'ask'>;
  readonly cache: VerdictCache;
  /** Behind the cache of this process. */
  readonly shared?: SharedVerdicts;
  /** Where usage is not counted, verdicts that read it are denied. */
  readonly usage?: UsageCounting;
  /** Only what is known to be current may be looked up or kept. */
  readonly isFresh: () => boolean;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  readonly onDecided: (source: DecisionSource, verdict: Verdict) => void;
}

export interface UsageCounting {
  /** For one call. Undefined where something of what is read cannot be counted. May throw BundleChanged. */
  reserve(bundle: string, about: Circumstances, dependsOn: readonly string[]): Promise<Counts | undefined>;
}

/** This process, other proxies, or the decision service. */
export type DecisionSource = 'cache' | 'shared' | 'service';

/** Tuples whose paths are remembered; for others the service is asked, and says them again. */
const tuplesMax = 16_384;

/** What costs nothing to state, so that the first question is seldom answered with another. */
const factsAtHand: readonly string[] = ['grant', 'session', 'request', 'approvals'];

interface Asked {
  readonly bundle: string;
  readonly about: Circumstances;
  readonly facts: CallFacts;
  readonly tuple: string;
}

export class Decider {
  readonly #options: DeciderOptions;
  readonly #paths = new Map<string, ReadPaths>();
  readonly #flights = new Map<string, Promise<Verdict>>();
  /** The first questions about tuples of which nobody knows yet what they read. */
  readonly #firsts = new Map<string, Promise<Verdict>>();

  constructor(options: DeciderOptions) {
    this.#options = options;
  }

  /** Throws BundleChanged, and Refusal `decision_unavailable`. A verdict at hand comes without a promise. */
  decide(bundle: string, about: Circumstances): Verdict | Promise<Verdict> {
    const asked = {
      bundle,
      about,
      facts: new CallFacts(about),
      tuple: writeTuple(bundle, about.identity, about.target),
    };
    return this.#decide(asked) ?? this.#learnFrom(asked);
  }

  /** Undefined while nobody knows what the verdict reads. */
  #decide(asked: Asked): Verdict | Promise<Verdict> | undefined {
    const paths = this.#paths.get(asked.tuple);
    if (paths === undefined) return undefined;
    // With each call the count is another: what was kept would not be found.
    if (paths.families.includes('usage')) return this.#ask(asked, paths);
    const key = writeFingerprint(asked.tuple, paths, asked.facts);
    if (key === undefined) return this.#ask(asked, paths);
    const known = this.#options.isFresh() ? this.#options.cache.find(key) : undefined;
    if (known !== undefined) {
      this.#options.onDecided('cache', known);
      return known;
    }
    // Approved by others: two who ask the same are not one.
    if (paths.families.includes('approvals')) return this.#ask(asked, paths);
    return share(this.#flights, key, () => this.#findOrAsk(asked, paths));
  }

  /** One asks, and the others wait to hear what the verdict reads: whether it is theirs too shows then. */
  async #learnFrom(asked: Asked): Promise<Verdict> {
    const first = this.#firsts.get(asked.tuple);
    if (first === undefined) return share(this.#firsts, asked.tuple, () => this.#askFirst(asked));
    await first;
    return this.#decide(asked) ?? this.#ask(asked, undefined);
  }

  /** What it reads may be known elsewhere. */
  async #askFirst(asked: Asked): Promise<Verdict> {
    const pointers = await this.#options.shared?.findPaths(asked);
    if (pointers !== undefined) this.#learn(asked.tuple, pointers);
    return this.#decide(asked) ?? this.#ask(asked, undefined);
  }

  async #findOrAsk(asked: Asked, paths: ReadPaths): Promise<Verdict> {
    const known = await this.#options.shared?.find(asked, paths);
    if (known === undefined) return this.#ask(asked, paths);
    const verdict = this.#conclude(asked, known);
    this.#options.onDecided('shared', verdict);
    return verdict;
  }

  /** With their bundle, verdicts and paths end. */
  forget(): void {
    this.#options.cache.clear();
    this.#paths.clear();
  }

  async #ask(asked: Asked, paths: ReadPaths | undefined): Promise<Verdict> {
    const verdict = await this.#settle(asked, paths);
    this.#options.onDecided('service', verdict);
    return verdict;
  }

  async #settle(asked: Asked, paths: ReadPaths | undefined): Promise<Verdict> {
    const families = paths?.families ?? factsAtHand;
    if (paths !== undefined && families.includes('usage'))
      return this.#settleCounted(asked, families, paths.pointers);
    const first = await this.#put(asked, families);
    if (first.verdict !== 'needs') return this.#publish(asked, first);
    const needed = first.needs ?? [];
    const all = [...new Set([...families, ...needed])];
    if (needed.includes('usage')) return this.#settleCounted(asked, all, first.dependsOn);
    return this.#settleFully(asked, all);
  }

  /** What is counted stays so if the call is allowed. */
  async #settleCounted(
    asked: Asked,
    families: readonly string[],
    dependsOn: readonly string[],
  ): Promise<Verdict> {
    const counts = await this.#options.usage?.reserve(asked.bundle, asked.about, dependsOn);
    if (counts === undefined) return missingFacts();
    let verdict: Verdict | undefined;
    try {
      verdict = await this.#settleFully({ ...asked, facts: asked.facts.withUsage(counts.usage) }, families);
      return verdict;
    } finally {
      if (verdict?.kind !== 'allow') counts.release();
    }
  }

  /** The last question: who needs even more gets nothing. */
  async #settleFully(asked: Asked, families: readonly string[]): Promise<Verdict> {
    if (families.some((family) => asked.facts.family(family) === undefined)) return missingFacts();
    const answer = await this.#put(asked, families);
    return answer.verdict === 'needs' ? missingFacts(answer) : this.#publish(asked, answer);
  }

  async #put({ bundle, about, facts }: Asked, families: readonly string[]): Promise<WireDecision['context']> {
    const question: Question = { bundle, identity: about.identity, target: about.target, facts, families };
    return readDecision(await this.#options.endpoint.ask(questionPath, writeQuestion(question)), bundle);
  }

  /** What the service says to one proxy it says to all of them. */
  #publish(asked: Asked, context: WireDecision['context']): Verdict {
    const isNews = !this.#paths.has(asked.tuple);
    const verdict = this.#conclude(asked, context);
    const paths = this.#paths.get(asked.tuple);
    if (paths !== undefined) this.#options.shared?.keep(asked, paths, context, isNews);
    return verdict;
  }

  #conclude({ tuple, facts }: Asked, context: WireDecision['context']): Verdict {
    const verdict = toVerdict(context);
    const paths = this.#learn(tuple, context.dependsOn);
    const { cache, isFresh, now } = this.#options;
    if (context.expires === undefined || !isFresh()) return verdict;
    const key = writeFingerprint(tuple, paths, facts);
    if (key !== undefined) cache.keep(key, verdict, Date.parse(context.expires) - now());
    return verdict;
  }

  #learn(tuple: string, dependsOn: readonly string[]): ReadPaths {
    const known = this.#paths.get(tuple);
    if (known !== undefined && isSame(known.pointers, dependsOn)) return known;
    const paths = readPaths(dependsOn);
    const [oldest] = this.#paths.keys();
    if (oldest !== undefined && this.#paths.size >= tuplesMax) this.#paths.delete(oldest);
    this.#paths.set(tuple, paths);
    return paths;
  }
}

function share(
  flights: Map<string, Promise<Verdict>>,
  key: string,
  ask: () => Promise<Verdict>,
): Promise<Verdict> {
  const flight = flights.get(key);
  if (flight !== undefined) return flight;
  const begun = ask().finally(() => flights.delete(key));
  flights.set(key, begun);
  return begun;
}

function missingFacts(answer?: WireDecision['context']): Verdict {
  const denial = { kind: 'deny', code: 'facts_required', message: codes.facts_required.meaning } as const;
  return answer === undefined ? denial : { ...denial, decisionId: answer.decisionId };
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, at) => text === right[at]);
}
