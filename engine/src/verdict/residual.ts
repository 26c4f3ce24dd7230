// What partial evaluation leaves of a condition, brought back to the words of an author: `unknown("input").n` is
// `context.input.n`, the entities of the request are `principal`, `action` and `resource` again, and what is `true`
// already is gone.
import { entityKey, type EntityUid } from '@cardea/schemas/cedar';
import { mapOperands, type Expr } from '../policy/policyJson.ts';

export interface RequestNames {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  /** The keys that were unknown. */
  readonly contextKeys: readonly string[];
}

/** For reading, not for evaluation: an entity that a policy names itself becomes a variable where it is the request's. */
export function restoreNames(expr: Expr, names: RequestNames): Expr {
  const unknown = readUnknown(expr);
  if (unknown !== undefined) return { '.': { left: { Var: 'context' }, attr: unknown } };
  if (isWholeContext(expr, names.contextKeys)) return { Var: 'context' };
  const variable = findVariable(expr, names);
  if (variable !== undefined) return { Var: variable };
  return tidy(mapOperands(expr, (operand) => restoreNames(operand, names)));
}

function readUnknown(expr: Expr): string | undefined {
  const call = expr['unknown'] as readonly [{ readonly Value: string }] | undefined;
  return call?.[0].Value;
}

/** `context` on its own comes back as a record of all unknowns. */
function isWholeContext(expr: Expr, contextKeys: readonly string[]): boolean {
  const fields = Object.entries((expr['Record'] ?? {}) as Readonly<Record<string, Expr>>);
  return (
    fields.length > 0 &&
    fields.length === contextKeys.length &&
    fields.every(([name, value]) => readUnknown(value) === name)
  );
}

function findVariable(expr: Expr, names: RequestNames): 'principal' | 'action' | 'resource' | undefined {
  const value = expr['Value'];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '__entity')) return undefined;
  const key = entityKey((value as { readonly __entity: EntityUid }).__entity);
  return (['principal', 'action', 'resource'] as const).find((name) => entityKey(names[name]) === key);
}

/** The comparisons that Cedar writes as negations of others. */
const opposites: Readonly<Record<string, string>> = { '<=': '>', '<': '>=', '==': '!=' };

function tidy(expr: Expr): Expr {
  const conjunction = expr['&&'] as { readonly left: Expr; readonly right: Expr } | undefined;
  if (conjunction !== undefined) {
    if (conjunction.left['Value'] === true) return conjunction.right;
    return conjunction.right['Value'] === true ? conjunction.left : expr;
  }
  const negated = (expr['!'] as { readonly arg: Expr } | undefined)?.arg;
  const [[op, operands]] = Object.entries(negated ?? expr) as [[string, unknown]];
  const opposite = negated === undefined || !Object.hasOwn(opposites, op) ? undefined : opposites[op];
  return opposite === undefined ? expr : { [opposite]: operands };
}
