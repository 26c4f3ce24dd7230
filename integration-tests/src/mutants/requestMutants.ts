// Mistakes on the way of a request: what is read of it, what is pruned, which entities go with it, how it is written.
import type { Mutant } from './mutant.ts';

const laws = 'engine/src/engine.laws.test.ts';
const directed = 'engine/src/engine.test.ts';

export const requestMutants: readonly Mutant[] = [
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
    name: 'write: integers pass through a double',
    file: 'engine/src/request/writeCedar.ts',
    find: 'return value.toString();',
    replace: 'return String(Number(value));',
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
