// The context paths that a slice reads, merged into a tree, and the context pruned to it. What is not in the tree
// never reaches the engine: it cannot fail a call, change a verdict, or cost anything.
import {
  isCedarRecord,
  isCedarSet,
  isEntityReference,
  Unrepresentable,
  type CedarRecord,
  type CedarValue,
  type EntityUid,
} from '@cardea/schemas/cedar';
import { formatPointer } from '@cardea/schemas/json';
import type { ContextRead } from '../policy/contextReads.ts';
import { compareText } from '../policy/compareText.ts';

/** A path in the tree. A node that is read whole has no children: what lies below is read with it. */
export interface ReadNode {
  whole: boolean;
  readonly children: Map<string, ReadNode>;
}

export type PruneResult =
  | { readonly kind: 'pruned'; readonly context: CedarRecord; readonly references: readonly EntityUid[] }
  | { readonly kind: 'unrepresentable'; readonly pointer: string; readonly reason: string };

export function buildReadTree(reads: readonly ContextRead[]): ReadNode {
  const root: ReadNode = { whole: false, children: new Map() };
  for (const { path, kind } of reads) insert(root, path, kind === 'value');
  return root;
}

/** The tree's leaves as sorted JSON Pointers: `dependsOn`. */
export function listPointers(root: ReadNode): string[] {
  const pointers: string[] = [];
  const visit = (node: ReadNode, path: readonly string[]): void => {
    if (node.whole || (node.children.size === 0 && path.length > 0)) {
      pointers.push(formatPointer(path));
      return;
    }
    for (const [name, child] of node.children) visit(child, [...path, name]);
  };
  visit(root, []);
  return pointers.sort(compareText);
}

export function pruneContext(context: CedarRecord, root: ReadNode): PruneResult {
  const references: EntityUid[] = [];
  try {
    const pruned = root.whole
      ? copyWhole(context, [], references)
      : pruneRecord(context, root, [], references);
    return { kind: 'pruned', context: pruned as CedarRecord, references };
  } catch (found) {
    if (found instanceof UnrepresentableRead) {
      return { kind: 'unrepresentable', pointer: formatPointer(found.path), reason: found.reason };
    }
    throw found;
  }
}

class UnrepresentableRead extends Error {
  readonly path: readonly string[];
  readonly reason: string;

  constructor(path: readonly string[], reason: string) {
    super('a policy reads a value that has no Cedar type');
    this.path = path;
    this.reason = reason;
  }
}

function insert(root: ReadNode, path: readonly string[], whole: boolean): void {
  let node = root;
  for (const name of path) {
    if (node.whole) return;
    const next = node.children.get(name) ?? { whole: false, children: new Map<string, ReadNode>() };
    node.children.set(name, next);
    node = next;
  }
  if (!whole) return;
  node.whole = true;
  node.children.clear();
}

function pruneRecord(
  record: CedarRecord,
  node: ReadNode,
  path: readonly string[],
  references: EntityUid[],
): CedarRecord {
  const pruned: Record<string, CedarValue> = Object.create(null) as Record<string, CedarValue>;
  for (const [name, child] of node.children) {
    // An attacker chooses the keys: `constructor` must not be found on a prototype.
    if (!Object.hasOwn(record, name)) continue;
    pruned[name] = pruneValue(record[name] as CedarValue, child, [...path, name], references);
  }
  return pruned;
}

function pruneValue(
  value: CedarValue,
  node: ReadNode,
  path: readonly string[],
  references: EntityUid[],
): CedarValue {
  // Only whether it is there is read: its value cannot matter, so the smallest one stands in.
  if (!node.whole && node.children.size === 0) return true;
  if (node.whole || !isCedarRecord(value)) return copyWhole(value, path, references);
  return pruneRecord(value, node, path, references);
}

function copyWhole(value: CedarValue, path: readonly string[], references: EntityUid[]): CedarValue {
  if (value instanceof Unrepresentable) throw new UnrepresentableRead(path, value.reason);
  if (isCedarSet(value)) {
    value.forEach((element, index) => copyWhole(element, [...path, String(index)], references));
  } else if (isEntityReference(value)) {
    references.push(value.__entity);
  } else if (isCedarRecord(value)) {
    for (const name of Object.keys(value)) copyWhole(value[name] as CedarValue, [...path, name], references);
  }
  return value;
}
