// Mistakes with policies: which ones are found, how they are screened, what they ask about.
import type { Mutant } from './mutant.ts';

const laws = 'engine/src/engine.laws.test.ts';
const directed = 'engine/src/engine.test.ts';
const memory = 'engine/src/engine.memory.test.ts';
const indexed = 'engine/src/policy/policyIndex.test.ts';
const clauses = 'engine/src/policy/clauses.test.ts';
const sets = 'engine/src/policy/policySet.test.ts';

export const policyMutants: readonly Mutant[] = [
  {
    name: 'index: == also takes descendants',
    file: 'engine/src/policy/policyIndex.ts',
    find: 'return !side.exact || side.keys === undefined || side.keys.includes(entityKey(entity));',
    replace: 'return true;',
    noticedBy: directed,
  },
  {
    name: 'index: in takes only the entity itself',
    file: 'engine/src/policy/policyIndex.ts',
    find: 'for (const key of request.ancestors(own)) if (key !== own && this.#named[side].has(key)) named.push(key);',
    replace: '',
    noticedBy: laws,
  },
  {
    name: 'index: policies without constraint are not candidates',
    file: 'engine/src/policy/policyIndex.ts',
    find: 'keys: [any, ...named]',
    replace: 'keys: named',
    noticedBy: laws,
  },
  {
    name: 'index: files a list of actions under the first',
    file: 'engine/src/policy/scope.ts',
    find: 'keysOf(scope.entities ?? [scope.entity])',
    replace: 'keysOf((scope.entities ?? [scope.entity]).slice(0, 1))',
    noticedBy: laws,
  },
  {
    name: 'index: ignores is',
    file: 'engine/src/policy/policyIndex.ts',
    find: 'if (side.type !== undefined && side.type !== entity.type) return false;',
    replace: 'if (side.type === entity.type) return false;',
    noticedBy: laws,
  },
  {
    name: 'slices: two hierarchies share one slice',
    file: 'engine/src/policy/sliceCache.ts',
    find: 'const tuple = writeKeys(keys);',
    replace: "const tuple = writeKeys({ ...keys, principal: { ...keys.principal, text: '' } });",
    noticedBy: directed,
  },
  {
    name: 'clauses: an unless is read as a when',
    file: 'engine/src/policy/clauses.ts',
    find: "({ kind, body: bodies[at] ?? '' })",
    replace: "({ kind: 'when' as typeof kind, body: bodies[at] ?? '' })",
    noticedBy: laws,
  },
  {
    name: 'clauses: the effect is lost',
    file: 'engine/src/policy/clauses.ts',
    find: 'return `${effect} (',
    replace: 'return `permit (',
    noticedBy: laws,
  },
  {
    name: 'screens: forget that unless negates',
    file: 'engine/src/policy/clauses.ts',
    find: "kind === 'when' ? '' : '!'",
    replace: "kind === 'when' ? '' : ''",
    noticedBy: laws,
  },
  {
    name: 'screens: one condition of several is enough',
    file: 'engine/src/policy/clauses.ts',
    find: "parts.join(' && ')",
    replace: "parts.join(' || ')",
    noticedBy: laws,
  },
  {
    name: 'screens: a forbid without conditions never fires',
    file: 'engine/src/policy/clauses.ts',
    find: "? 'true' :",
    replace: "? 'false' :",
    noticedBy: laws,
  },
  {
    name: 'screens: fire only where all forbids would',
    file: 'engine/src/policy/clauses.ts',
    find: ') || (',
    replace: ') && (',
    noticedBy: laws,
  },
  {
    name: 'screens: leave one out where they are halved',
    file: 'engine/src/policy/clauses.ts',
    find: 'conditions.slice(middle)]',
    replace: 'conditions.slice(middle - 1, -1)]',
    noticedBy: clauses,
  },
  {
    name: 'screens: leave out the last of many',
    file: 'engine/src/policy/policySet.ts',
    find: 'screened.slice(at * screenedTogetherMax, (at + 1) * screenedTogetherMax)',
    replace: 'screened.slice(at * screenedTogetherMax, (at + 1) * screenedTogetherMax - 1)',
    noticedBy: 'engine/src/verdict/evaluate.test.ts',
  },
  {
    name: 'screens: take in what is too deep for them',
    file: 'engine/src/policy/policySet.ts',
    find: "effect === 'forbid' && depth <= screenedDepthMax",
    replace: "effect === 'forbid' && depth < Infinity",
    noticedBy: sets,
  },
  {
    name: 'screens: one that fails counts as silent',
    file: 'engine/src/verdict/evaluate.ts',
    find: 'if (determining === undefined || errored === undefined) return undefined;',
    replace:
      'if (determining === undefined) return undefined; if (errored === undefined) return { allowed: false, determining, errored: [] };',
    noticedBy: laws,
  },
  {
    name: 'screens: what fired is not looked into',
    file: 'engine/src/verdict/evaluate.ts',
    find: 'return screened ?? (',
    replace: 'return screened ?? { allowed: false, determining: [], errored: [] } ?? (',
    noticedBy: laws,
  },
  {
    name: 'variables: conditions never ask about the resource',
    file: 'engine/src/policy/entityUse.ts',
    find: "if (node.op === 'Var') found",
    replace: "if (node.op === 'Var' && node.name !== 'resource') found",
    noticedBy: laws,
  },
  {
    name: 'variables: the resource is not followed',
    file: 'engine/src/engine.ts',
    find: "(['principal', 'action', 'resource'] as const).filter",
    replace: "(['principal', 'action'] as const).filter",
    noticedBy: laws,
  },
  {
    name: 'variables: those of the first policy stand for all',
    file: 'engine/src/policy/entityUse.ts',
    find: 'uses.flatMap((use) => [...use.variables])',
    replace: 'uses.slice(0, 1).flatMap((use) => [...use.variables])',
    noticedBy: laws,
  },
  {
    name: 'index: two types share their keys',
    file: 'engine/src/policy/policyIndex.ts',
    find: 'const self = isNamed ? own : type;',
    replace: "const self = isNamed ? own : '';",
    noticedBy: indexed,
  },
  {
    name: 'index: a named entity is as good as one below it',
    file: 'engine/src/policy/policyIndex.ts',
    find: 'const self = isNamed ? own : type;',
    replace: 'const self = type;',
    noticedBy: indexed,
  },
  {
    name: 'index: what a request states is remembered for all',
    file: 'engine/src/request/ancestry.ts',
    find: 'isLasting(key: string): boolean {',
    replace: "isLasting(key: string): boolean { if (key !== '') return this.#store.get(key) !== undefined;",
    noticedBy: memory,
  },
  {
    name: 'index: groups that a request states anew are not seen',
    file: 'engine/src/request/ancestry.ts',
    find: 'if (above.has(own)) return false;',
    replace: 'if (above.size < 0) return false;',
    noticedBy: indexed,
  },
];
