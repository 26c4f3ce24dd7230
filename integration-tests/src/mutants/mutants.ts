// Planted mistakes: each is one edit that an honest programmer could make, and each has to turn the named tests red.
// A law that no mistake can break proves nothing.

export interface Mutant {
  readonly name: string;
  /** End of the path of the file that is edited. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Test file that has to notice. */
  readonly noticedBy: string;
}

const laws = 'engine/src/engine.laws.test.ts';
const directed = 'engine/src/engine.test.ts';

export const mutants: readonly Mutant[] = [
  {
    name: 'reads: ignores has',
    file: 'engine/src/policy/contextReads.ts',
    find: "walk(node.left, { path: node.path, kind: 'presence' }, reads);",
    replace: '',
    noticedBy: laws,
  },
  {
    name: 'reads: ignores unless',
    file: 'engine/src/policy/contextReads.ts',
    find: 'for (const { body } of policy.conditions)',
    replace: "for (const { body } of policy.conditions.filter(({ kind }) => kind === 'when'))",
    noticedBy: laws,
  },
  {
    name: 'reads: forgets the branches of if',
    file: 'engine/src/policy/contextReads.ts',
    find: 'walk(node.otherwise, use, reads);',
    replace: '',
    noticedBy: laws,
  },
  {
    name: 'reads: forgets the test of if',
    file: 'engine/src/policy/contextReads.ts',
    find: 'walk(node.test, whole, reads);',
    replace: '',
    noticedBy: laws,
  },
  {
    name: 'reads: takes only the field of a record that is asked for',
    file: 'engine/src/policy/contextReads.ts',
    find: 'name === field ? { path: rest, kind: use.kind } : whole',
    replace: 'name === field ? { path: rest, kind: use.kind } : { path: ["nothing"], kind: "presence" }',
    noticedBy: directed,
  },
  {
    name: 'reads: forgets the first of two operands',
    file: 'engine/src/policy/contextReads.ts',
    find: 'for (const operand of operands(node)) walk',
    replace: 'for (const operand of operands(node).slice(-1)) walk',
    noticedBy: laws,
  },
  {
    name: 'reads: a presence read hides a value read of the same path',
    file: 'engine/src/request/readTree.ts',
    find: 'if (!whole) return;',
    replace: 'if (!whole || reading === undefined) return; const reading = 1;',
    noticedBy: laws,
  },
  {
    name: 'prune: walks through an entity',
    file: 'engine/src/request/readTree.ts',
    find: 'if (node.whole || !isCedarRecord(value)) return copyWhole(value, path, references);',
    replace:
      'if (node.whole) return copyWhole(value, path, references); if (!isCedarRecord(value)) return {};',
    noticedBy: laws,
  },
  {
    name: 'prune: drops the parents of missing keys',
    file: 'engine/src/request/readTree.ts',
    find: 'return pruneRecord(value, node, path, references);',
    replace:
      'const kept = pruneRecord(value, node, path, references); return Object.keys(kept).length > 0 ? kept : true;',
    noticedBy: laws,
  },
  {
    name: 'prune: finds keys on the prototype',
    file: 'engine/src/request/readTree.ts',
    find: 'if (!Object.hasOwn(record, name)) continue;',
    replace: 'if (!(name in record)) continue;',
    noticedBy: laws,
  },
  {
    name: 'prune: a presence read of a value that is there is dropped',
    file: 'engine/src/request/readTree.ts',
    find: 'if (!Object.hasOwn(record, name)) continue;',
    replace: 'if (!Object.hasOwn(record, name) || (!child.whole && child.children.size === 0)) continue;',
    noticedBy: laws,
  },
  {
    name: 'projection: collapses a text in the way with a missing key',
    file: 'schemas/src/cedar/projection.ts',
    find: "return { kind: 'absent', depth, met: value };",
    replace: "return { kind: 'absent', depth };",
    noticedBy: 'schemas/src/cedar/projection.test.ts',
  },
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
    find: 'return [own, any, ...named.sort()];',
    replace: 'return [own, any];',
    noticedBy: laws,
  },
  {
    name: 'index: policies without constraint are not candidates',
    file: 'engine/src/policy/policyIndex.ts',
    find: 'return [own, any, ...named.sort()];',
    replace: 'return [own, ...named.sort()];',
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
    replace: 'const tuple = writeKeys({ ...keys, principal: keys.principal.slice(0, 2) });',
    noticedBy: directed,
  },
  {
    name: 'closure: follows only ancestors',
    file: 'engine/src/request/entityClosure.ts',
    find: 'collectReferences(entity.attrs, open);',
    replace: '',
    noticedBy: directed,
  },
  {
    name: 'closure: forgets entities in tags',
    file: 'engine/src/request/entityClosure.ts',
    find: 'if (entity.tags !== undefined) collectReferences(entity.tags, open);',
    replace: '',
    noticedBy: directed,
  },
  {
    name: 'closure: forgets entities named in policies',
    file: 'engine/src/request/entityClosure.ts',
    find: 'const open = [...roots, ...use.literals];',
    replace: 'const open = [...roots];',
    noticedBy: laws,
  },
  {
    name: 'closure: forgets entities named in the context',
    file: 'engine/src/request/readTree.ts',
    find: 'references.push(value.__entity);',
    replace: '',
    noticedBy: laws,
  },
  {
    name: 'closure: sends only ancestors named in scopes',
    file: 'engine/src/policy/entityUse.ts',
    find: "if (value.op !== 'Value') found.anyAncestor = true;",
    replace: "if (value.op !== 'Value') continue;",
    noticedBy: laws,
  },
  {
    name: 'closure: drops the attributes that has asks for',
    file: 'engine/src/policy/entityUse.ts',
    find: "if (node.op === 'attribute' || node.op === 'has')",
    replace: "if (node.op === 'attribute')",
    noticedBy: laws,
  },
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
    find: "filter((id) => slice.byId.get(id)?.effect === 'forbid');",
    replace: 'filter((id) => slice.byId.has(id));',
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
    find: 'forbids.filter((id) => !approved.has(id))',
    replace: 'forbids.filter(() => approved.size === 0)',
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
    find: 'isForbid(id) && slice.byId.get(id)?.hold === undefined',
    replace: 'isForbid(id)',
    noticedBy: laws,
  },
  {
    name: 'write: integers pass through a double',
    file: 'engine/src/request/writeCedar.ts',
    find: 'return value.toString();',
    replace: 'return String(Number(value));',
    noticedBy: directed,
  },
  {
    name: 'evaluate: keeps the random order of reasons',
    file: 'engine/src/verdict/evaluate.ts',
    find: 'diagnostics.reason.sort(compareText)',
    replace: 'diagnostics.reason',
    noticedBy: directed,
  },
  {
    name: 'validated: an attribute of the tool is lost on the way',
    file: 'engine/src/request/entityClosure.ts',
    find: 'if (use.attributes.has(name)) attrs[name] = value;',
    replace: "if (use.attributes.has(name) && name !== 'effect') attrs[name] = value;",
    noticedBy: 'integration-tests/src/mapper/validated.laws.test.ts',
  },
  {
    name: 'mapper: a member that need not be there is required in Cedar',
    file: 'schemas/src/cedar/type.ts',
    find: "required ? '' : '?'",
    replace: "''",
    noticedBy: 'integration-tests/src/mapper/mapper.test.ts',
  },
];
