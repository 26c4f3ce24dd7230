// Cedar's JSON form of a policy, as the engine emits it, and the one place that knows the shape of its expressions.
// Whoever walks expressions does so through `operands`, so a node that nobody knows is refused, never skipped.
import type { EntityUid } from '@cardea/schemas/cedar';

export interface PolicyJson {
  readonly effect: 'permit' | 'forbid';
  readonly principal: ScopeJson;
  readonly action: ScopeJson;
  readonly resource: ScopeJson;
  readonly conditions: readonly ConditionJson[];
  readonly annotations?: Readonly<Record<string, string | null>>;
}

export type ScopeJson =
  | { readonly op: 'All' }
  | { readonly op: '=='; readonly entity?: EntityJson; readonly slot?: string }
  | {
      readonly op: 'in';
      readonly entity?: EntityJson;
      readonly entities?: readonly EntityJson[];
      readonly slot?: string;
    }
  | {
      readonly op: 'is';
      readonly entity_type: string;
      readonly in?: { readonly entity?: EntityJson; slot?: string };
    };

export type EntityJson = EntityUid | { readonly __entity: EntityUid };

export interface ConditionJson {
  readonly kind: 'when' | 'unless';
  readonly body: Expr;
}

/** An object with exactly one key: the operator. */
export type Expr = Readonly<Record<string, unknown>>;

export type Node =
  | { readonly op: 'Value'; readonly value: unknown }
  | { readonly op: 'Var'; readonly name: string }
  | { readonly op: 'attribute'; readonly left: Expr; readonly path: readonly string[] }
  | { readonly op: 'has'; readonly left: Expr; readonly path: readonly string[] }
  | { readonly op: 'if'; readonly test: Expr; readonly then: Expr; readonly otherwise: Expr }
  | { readonly op: 'Record'; readonly fields: Readonly<Record<string, Expr>> }
  | { readonly op: 'in'; readonly left: Expr; readonly right: Expr }
  | { readonly op: 'tag'; readonly left: Expr; readonly right: Expr }
  /** Every other operator reads its operands whole. */
  | { readonly op: 'whole'; readonly operands: readonly Expr[] };

/** Thrown at publishing, never while deciding: policies are parsed once, when a bundle is built or opened. */
export class UnknownNode extends Error {}

const binary = new Set('== != < <= > >= && || + - * contains containsAll containsAny'.split(' '));
const unary = new Set(['!', 'neg', 'isEmpty']);

/** The functions of Cedar's extension types. `unknown` is not among them: it belongs to partial evaluation alone. */
const extensionFunctions = new Set(
  (
    'decimal lessThan lessThanOrEqual greaterThan greaterThanOrEqual ip isIpv4 isIpv6 isLoopback isMulticast isInRange ' +
    'datetime duration offset durationSince toDate toTime toMilliseconds toSeconds toMinutes toHours toDays'
  ).split(' '),
);

/** Reads one expression node. Throws UnknownNode for anything that is not in the table. */
export function readNode(expr: Expr): Node {
  const [op, ...others] = Object.keys(expr);
  if (op === undefined || others.length > 0) throw new UnknownNode('an expression has to have one operator');
  const body = expr[op] as never;
  if (op === 'Value') return { op, value: body };
  if (op === 'Var') return { op, name: body };
  if (op === '.') return readAttribute('attribute', body);
  if (op === 'has') return readAttribute('has', body);
  if (op === 'if-then-else') return readBranches(body);
  if (op === 'Record') return { op, fields: body };
  if (op === 'Set') return { op: 'whole', operands: body };
  if (op === 'is') return readIs(body);
  if (op === 'in') return { op, ...readBinary(body) };
  if (op === 'getTag' || op === 'hasTag') return { op: 'tag', ...readBinary(body) };
  if (op === 'like') return { op: 'whole', operands: [(body as { left: Expr }).left] };
  if (unary.has(op)) return { op: 'whole', operands: [(body as { arg: Expr }).arg] };
  if (binary.has(op)) {
    const { left, right } = readBinary(body);
    return { op: 'whole', operands: [left, right] };
  }
  if (extensionFunctions.has(op)) return { op: 'whole', operands: body };
  throw new UnknownNode(`the function ${JSON.stringify(op)} is not one that policies may use`);
}

/** The direct operands of a node, for walks that treat all of them alike. */
export function operands(node: Node): readonly Expr[] {
  switch (node.op) {
    case 'Value':
    case 'Var':
      return [];
    case 'attribute':
    case 'has':
      return [node.left];
    case 'if':
      return [node.test, node.then, node.otherwise];
    case 'Record':
      return Object.values(node.fields);
    case 'in':
    case 'tag':
      return [node.left, node.right];
    case 'whole':
      return node.operands;
  }
}

/** The same expression over other operands. Takes nodes that `readNode` knows, and calls of `unknown`. */
export function mapOperands(expr: Expr, map: (operand: Expr) => Expr): Expr {
  const [[op, body]] = Object.entries(expr) as [[string, unknown]];
  if (op === 'Value' || op === 'Var') return expr;
  if (Array.isArray(body)) return { [op]: (body as readonly Expr[]).map(map) };
  const fields = Object.entries(body as Readonly<Record<string, Expr>>).map(([name, value]) =>
    op === 'Record' || operandNames.has(name) ? [name, map(value)] : [name, value],
  );
  return { [op]: Object.fromEntries(fields) as unknown };
}

const operandNames: ReadonlySet<string> = new Set(['left', 'right', 'arg', 'if', 'then', 'else', 'in']);

export function entityOf(json: EntityJson): EntityUid {
  return '__entity' in json ? json.__entity : json;
}

function readBinary(body: { left: Expr; right: Expr }): { left: Expr; right: Expr } {
  return { left: body.left, right: body.right };
}

function readAttribute(
  op: 'attribute' | 'has',
  body: { left: Expr; attr: string | readonly string[] },
): Node {
  return { op, left: body.left, path: typeof body.attr === 'string' ? [body.attr] : body.attr };
}

function readBranches(body: { if: Expr; then: Expr; else: Expr }): Node {
  return { op: 'if', test: body.if, then: body.then, otherwise: body.else };
}

function readIs(body: { left: Expr; in?: Expr }): Node {
  // `x is T` looks at the type alone, which any value of x shows; `x is T in y` also walks the hierarchy.
  return body.in === undefined
    ? { op: 'whole', operands: [body.left] }
    : { op: 'in', left: body.left, right: body.in };
}
