// A condition on one argument of a tool, as an example that validates: which argument, and compared with what, is for
// the author of policies to change.
import { quoteText, type CedarRecordType, type CedarType } from '@cardea/schemas/cedar';

/** The most telling kind of argument first: amounts, then words, then switches. */
const kinds = ['Long', 'decimal', 'String', 'ipaddr', 'datetime', 'duration', 'Set', 'Boolean'] as const;

/** Arguments inside arguments, so far down. */
const depthMax = 3;

/** What may be chosen from: more arguments than this make no better example. */
const candidatesMax = 200;

export interface ExampleCondition {
  /** As Cedar text over `context.input`, with a `has` for each argument that may be absent. */
  readonly text: string;
  /** The argument that it reads, by name. */
  readonly argument: string;
}

/** Undefined where the tool has no argument that policies can read. */
export function exampleCondition(input: CedarRecordType): ExampleCondition | undefined {
  const candidates = listArguments(input, { path: 'context.input', guards: [], depth: 1 });
  const [best] = candidates.sort((left, right) => rank(left) - rank(right));
  if (best === undefined) return undefined;
  return { text: [...best.guards, compare(best.path, best.type)].join(' && '), argument: best.name };
}

interface Argument {
  readonly name: string;
  readonly type: CedarType;
  readonly path: string;
  readonly guards: readonly string[];
}

interface Place {
  readonly path: string;
  readonly guards: readonly string[];
  readonly depth: number;
}

function listArguments({ attributes }: CedarRecordType, place: Place): Argument[] {
  const found: Argument[] = [];
  for (const [name, { type, required }] of Object.entries(attributes)) {
    if (found.length >= candidatesMax) break;
    const isWord = isIdentifier(name);
    const path = place.path + (isWord ? `.${name}` : `[${quoteText(name)}]`);
    const guard = `${place.path} has ${isWord ? name : quoteText(name)}`;
    const guards = required ? place.guards : [...place.guards, guard];
    if (type.kind !== 'Record') found.push({ name, type, path, guards });
    else if (place.depth < depthMax)
      found.push(...listArguments(type, { path, guards, depth: place.depth + 1 }));
  }
  return found;
}

function rank({ type, guards }: Argument): number {
  const kind = type.kind === 'Extension' ? type.name : type.kind;
  return kinds.findIndex((known) => known === kind) * 10 + guards.length;
}

function compare(path: string, type: CedarType): string {
  switch (type.kind) {
    case 'Long':
      return `${path} > 100`;
    case 'String':
      return `${path} like "*example*"`;
    case 'Boolean':
    case 'Record':
      return path;
    case 'Set':
      return type.element.kind === 'String' ? `${path}.contains("example")` : `!${path}.isEmpty()`;
    case 'Extension':
      return extensionComparisons[type.name](path);
  }
}

const extensionComparisons = {
  decimal: (path: string) => `${path}.greaterThan(decimal("100.0"))`,
  datetime: (path: string) => `${path} < datetime("2026-01-01")`,
  duration: (path: string) => `${path} > duration("1h")`,
  ipaddr: (path: string) => `!${path}.isInRange(ip("10.0.0.0/8"))`,
} as const;

const reserved = new Set(['true', 'false', 'if', 'then', 'else', 'in', 'is', 'like', 'has', '__cedar']);

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name);
}
