// Mistakes on the way to the verdict: how the engine is heard, what is remembered, how it is ruled.
import type { Mutant } from './mutant.ts';

const laws = 'engine/src/engine.laws.test.ts';
const directed = 'engine/src/engine.test.ts';
const memory = 'engine/src/engine.memory.test.ts';

export const verdictMutants: readonly Mutant[] = [
  {
    name: 'rule: skips a forbid that failed, as Cedar does',
    file: 'engine/src/verdict/decide.ts',
    find: 'if (failed.length > 0)',
    replace: 'if (failed.length > 99)',
    noticedBy: laws,
  },
  {
    name: 'rule: a permit that failed denies',
    file: 'engine/src/verdict/decide.ts',
    find: "first.errored.filter(({ effect }) => effect === 'forbid')",
    replace: 'first.errored.slice()',
    noticedBy: laws,
  },
  {
    name: 'rule: one hold among forbids is enough to hold',
    file: 'engine/src/verdict/decide.ts',
    find: 'if (final.length > 0)',
    replace: 'if (final.length === forbids.length)',
    noticedBy: laws,
  },
  {
    name: 'rule: holds without asking whether a permit applies',
    file: 'engine/src/verdict/decide.ts',
    find: 'if (!permits.allowed)',
    replace: 'if (permits === undefined)',
    noticedBy: laws,
  },
  {
    name: 'rule: any approval drops every hold',
    file: 'engine/src/verdict/decide.ts',
    find: 'forbids.filter(({ id }) => !approved.has(id))',
    replace: 'forbids.filter(() => approved.size === 0)',
    noticedBy: laws,
  },
  {
    name: 'memory: the policies are not part of the question',
    file: 'engine/src/verdict/verdictMemory.ts',
    find: 'return `${slice.number} ${question}`;',
    replace: 'return question;',
    noticedBy: memory,
  },
  {
    name: 'memory: what was approved is not asked for',
    file: 'engine/src/engine.ts',
    find: 'if (request.approved.length > 0)',
    replace: 'if (request.approved.length > 99)',
    noticedBy: memory,
  },
  {
    name: 'memory: a verdict of an approved call is remembered',
    file: 'engine/src/engine.ts',
    find: 'if (request.approved.length > 0) return this.#ask(slice, written, request.approved);',
    replace:
      'if (request.approved.length > 0) { const given = this.#ask(slice, written, request.approved); this.#memory.remember(slice, written, given); return given; }',
    noticedBy: memory,
  },
  {
    name: 'memory: the question leaves out who asks',
    file: 'engine/src/verdict/evaluate.ts',
    find: '(variables.has(name) ? writeUid(request[name]) : nobody)',
    replace: '(variables.size > 99 ? writeUid(request[name]) : nobody)',
    noticedBy: laws,
  },
  {
    name: 'discover: trusts the satisfied alone',
    file: 'engine/src/verdict/discover.ts',
    find: '[...satisfied, ...nontrivialResiduals].some',
    replace: 'satisfied.some',
    noticedBy: laws,
  },
  {
    name: 'discover: a hold hides',
    file: 'engine/src/verdict/discover.ts',
    find: 'isForbid(id) && policies.get(id)?.hold === undefined',
    replace: 'isForbid(id)',
    noticedBy: laws,
  },
  {
    name: 'evaluate: keeps the random order of reasons',
    file: 'engine/src/verdict/evaluate.ts',
    find: '(policies as PolicyName[]).sort((left, right) => compareText(left.id, right.id))',
    replace: 'policies as PolicyName[]',
    noticedBy: directed,
  },
];
