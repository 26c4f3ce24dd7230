// Which parts of the context a policy can read, by a static walk of its conditions: law 3 of caching. Short circuits
// are ignored, so the answer never depends on values: it is the same for every request with the same candidates.
import { operands, readNode, type Expr, type PolicyJson } from './policyJson.ts';

/** How deeply a path can matter: whether the value counts, or only that there is one. */
export type ReadKind = 'value' | 'presence';

export interface ContextRead {
  readonly path: readonly string[];
  readonly kind: ReadKind;
}

/** Throws UnknownNode for an expression whose reads nobody could know. */
export function findContextReads(policy: PolicyJson): ContextRead[] {
  const reads: ContextRead[] = [];
  for (const { body } of policy.conditions) walk(body, { path: [], kind: 'value' }, reads);
  return reads;
}

/** `use` says what is done with the result of `expr`: the attributes then taken from it, and how they are read. */
function walk(expr: Expr, use: ContextRead, reads: ContextRead[]): void {
  const node = readNode(expr);
  const whole: ContextRead = { path: [], kind: 'value' };
  switch (node.op) {
    case 'Var':
      if (node.name === 'context') reads.push(use);
      return;
    case 'attribute':
      walk(node.left, { path: [...node.path, ...use.path], kind: use.kind }, reads);
      return;
    case 'has':
      walk(node.left, { path: node.path, kind: 'presence' }, reads);
      return;
    case 'if':
      walk(node.test, whole, reads);
      walk(node.then, use, reads);
      walk(node.otherwise, use, reads);
      return;
    case 'Record': {
      const [field, ...rest] = use.path;
      for (const [name, value] of Object.entries(node.fields)) {
        walk(value, name === field ? { path: rest, kind: use.kind } : whole, reads);
      }
      return;
    }
    default:
      for (const operand of operands(node)) walk(operand, whole, reads);
  }
}
