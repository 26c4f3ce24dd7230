// Mistakes in how the proxy comes to a verdict: what is asked, what is believed, and what is remembered.
import type { Mutant } from './mutant.ts';

const fingerprint = 'pep/src/decide/fingerprint.laws.test.ts';
const decider = 'pep/src/decide/decider.test.ts';
const question = 'pep/src/decide/question.test.ts';
const cache = 'integration-tests/src/pep/cache/cache.laws.test.ts';

export const decisionMutants: readonly Mutant[] = [
  {
    name: 'fingerprint: ignores the last path',
    file: 'pep/src/decide/fingerprint.ts',
    find: 'for (const path of paths) {',
    replace: 'for (const path of paths.slice(0, -1)) {',
    noticedBy: cache,
  },
  {
    name: 'fingerprint: ignores how far a path goes',
    file: 'pep/src/decide/fingerprint.ts',
    find: 'text += `${depth}${value',
    replace: 'text += `${value',
    noticedBy: fingerprint,
  },
  {
    name: 'fingerprint: depth runs into length',
    file: 'pep/src/decide/fingerprint.ts',
    find: '`=${measured(writeValue(value))}`',
    replace: '`${measured(writeValue(value))}`',
    noticedBy: fingerprint,
  },
  {
    name: 'fingerprint: a text is like the number in it',
    file: 'pep/src/decide/fingerprint.ts',
    find: '`"${value}`',
    replace: 'value',
    noticedBy: fingerprint,
  },
  {
    name: 'fingerprint: forgets lengths',
    file: 'pep/src/decide/fingerprint.ts',
    find: 'return `${text.length}:${text}`;',
    replace: 'return `:${text}`;',
    noticedBy: fingerprint,
  },
  {
    name: 'fingerprint: a person stands for the identity',
    file: 'pep/src/decide/fingerprint.ts',
    find: 'measured(identity.digest)',
    replace: 'measured(identity.person.id)',
    noticedBy: cache,
  },
  {
    name: 'cache: lives as long as the service says',
    file: 'pep/src/decide/verdictCache.ts',
    find: 'Math.min(lifetimeMs, most)',
    replace: 'lifetimeMs',
    noticedBy: 'pep/src/decide/verdictCache.test.ts',
  },
  {
    name: 'cache: never looks at the clock',
    file: 'pep/src/decide/verdictCache.ts',
    find: '|| kept.endMs <= this.#now()',
    replace: '',
    noticedBy: cache,
  },
  {
    name: 'cache: keeps holds',
    file: 'pep/src/decide/verdictCache.ts',
    find: "verdict.kind === 'hold' || ",
    replace: '',
    noticedBy: 'pep/src/decide/verdictCache.test.ts',
  },
  {
    name: 'decider: remembers while nobody knows what is current',
    file: 'pep/src/decide/decider.ts',
    find: 'this.#options.isFresh() ? this.#options.cache.find(key) : undefined',
    replace: 'this.#options.cache.find(key)',
    noticedBy: cache,
  },
  {
    name: 'decider: keeps what came while nobody knew what is current',
    file: 'pep/src/decide/decider.ts',
    find: 'context.expires === undefined || !isFresh()',
    replace: 'context.expires === undefined',
    noticedBy: decider,
  },
  {
    name: 'decider: keeps what must not be kept',
    file: 'pep/src/decide/decider.ts',
    find: 'Date.parse(context.expires) - now()',
    replace: '60_000',
    noticedBy: decider,
  },
  {
    name: 'decider: two who count are one',
    file: 'pep/src/decide/decider.ts',
    find: "if (paths.families.includes('usage')) return this.#ask(asked, paths);",
    replace: '',
    noticedBy: 'pep/src/decide/countedVerdicts.test.ts',
  },
  {
    name: 'decider: takes a need for a denial',
    file: 'pep/src/decide/decider.ts',
    find: "answer.verdict === 'needs' ? missingFacts(answer) : ",
    replace: '',
    noticedBy: decider,
  },
  {
    name: 'question: believes an answer of any bundle',
    file: 'pep/src/decide/question.ts',
    find: 'if (isOfBundle && ',
    replace: 'if (',
    noticedBy: question,
  },
  {
    name: 'question: believes a verdict that the decision contradicts',
    file: 'pep/src/decide/question.ts',
    find: "decision.decision === (context.verdict === 'allow') && ",
    replace: '',
    noticedBy: question,
  },
  {
    name: 'client: a question that was refused is a failure of the service',
    file: 'pep/src/decide/decisionClient.ts',
    find: 'if ((status >= 400 && status < 500) || status === 503) return refused;',
    replace: '',
    noticedBy: 'pep/src/decide/decisionClient.test.ts',
  },
];
