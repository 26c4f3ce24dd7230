// What a policy can ask of entities: which attributes by name, tags, and which ancestors. Entities are sent to the
// engine stripped to this, since each one costs about 20 µs, and an entity that is missing silently skips a forbid.
// Scopes do not count: whether one covers a request is settled before anything is sent.
import { entityKey, type EntityUid } from '@cardea/schemas/cedar';
import { operands, readNode, type Expr, type PolicyJson } from './policyJson.ts';

export interface EntityUse {
  /** Which of `principal`, `action`, `resource` and `context` conditions name. */
  readonly variables: ReadonlySet<string>;
  /** Every attribute name in the policy, whatever it is taken from: a superset of those taken from entities. */
  readonly attributes: ReadonlySet<string>;
  readonly tags: boolean;
  /** Keys of the entities that `in` compares with, or `any` when one is only known at run time. */
  readonly ancestors: ReadonlySet<string> | 'any';
  /** Entities named in conditions: their attributes and ancestors can be asked for. */
  readonly literals: readonly EntityUid[];
}

interface Collector {
  variables: Set<string>;
  attributes: Set<string>;
  tags: boolean;
  ancestors: Set<string>;
  anyAncestor: boolean;
  literals: EntityUid[];
}

export function findEntityUse(policy: PolicyJson): EntityUse {
  const found: Collector = {
    variables: new Set(),
    attributes: new Set(),
    tags: false,
    ancestors: new Set(),
    anyAncestor: false,
    literals: [],
  };
  for (const { body } of policy.conditions) walk(body, found);
  const { anyAncestor, ...use } = found;
  return { ...use, ancestors: anyAncestor ? 'any' : use.ancestors };
}

/** The uses of many policies as one. */
export function mergeEntityUses(uses: readonly EntityUse[]): EntityUse {
  const ancestors = new Set<string>();
  let anyAncestor = false;
  for (const use of uses) {
    if (use.ancestors === 'any') anyAncestor = true;
    else use.ancestors.forEach((key) => ancestors.add(key));
  }
  const literals = new Map(uses.flatMap((use) => use.literals).map((uid) => [entityKey(uid), uid]));
  return {
    variables: new Set(uses.flatMap((use) => [...use.variables])),
    attributes: new Set(uses.flatMap((use) => [...use.attributes])),
    tags: uses.some((use) => use.tags),
    ancestors: anyAncestor ? 'any' : ancestors,
    literals: [...literals.values()],
  };
}

function walk(expr: Expr, found: Collector): void {
  const node = readNode(expr);
  if (node.op === 'Var') found.variables.add(node.name);
  if (node.op === 'attribute' || node.op === 'has') node.path.forEach((name) => found.attributes.add(name));
  if (node.op === 'tag') found.tags = true;
  if (node.op === 'Value') found.literals.push(...literalEntities(node.value));
  if (node.op === 'in') noteAncestors(node.right, found);
  for (const operand of operands(node)) walk(operand, found);
}

/** `in` with anything but literals can compare with any entity. */
function noteAncestors(right: Expr, found: Collector): void {
  const node = readNode(right);
  const values = 'Set' in right && node.op === 'whole' ? node.operands.map(readNode) : [node];
  for (const value of values) {
    if (value.op !== 'Value') found.anyAncestor = true;
    else literalEntities(value.value).forEach((uid) => found.ancestors.add(entityKey(uid)));
  }
}

function literalEntities(value: unknown): EntityUid[] {
  if (Array.isArray(value)) return value.flatMap(literalEntities);
  if (typeof value !== 'object' || value === null) return [];
  if (Object.hasOwn(value, '__entity')) return [(value as { __entity: EntityUid }).__entity];
  return Object.values(value).flatMap(literalEntities);
}
