// A schema as a checker can take it. References that lead back are followed once for each value, not once for each way to
// it: with alternatives between them those are twice as many at each level. What nobody here can check is marked.
import { RE2JS } from 're2js';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { resolveReference } from '@cardea/schemas/mcp';

/** In place of a `$ref` that closes a circle. */
export const loopKeyword = 'x-cardea-loop';
/** At what cannot be checked, with the reason. */
export const uncheckedKeyword = 'x-cardea-unchecked';

/** Values, not schemas: whatever they look like. */
const plainKeys: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples']);

/** What only this proxy may write. */
const ownKeys: ReadonlySet<string> = new Set([loopKeyword, uncheckedKeyword]);

/** The schema with its circles opened, and marked where it says what cannot be checked. */
export function prepareSchema(schema: JsonObject): JsonObject {
  const walk = new Walk(schema);
  walk.enter(schema);
  return copy(schema, walk) as JsonObject;
}

/** What the engine for patterns makes of one. Undefined where only other engines know it. */
export function compilePattern(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    return undefined;
  }
}

class Walk {
  /** Those whose reference closes a circle, or points to nothing. */
  readonly closing = new Set<JsonObject>();
  readonly broken = new Set<JsonObject>();
  readonly #root: JsonObject;
  /** Being walked through, as opposed to done. */
  readonly #open = new Set<JsonValue>();
  readonly #done = new Set<JsonValue>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  enter(node: JsonValue): void {
    if (typeof node !== 'object' || node === null || this.#done.has(node)) return;
    this.#open.add(node);
    if (isJsonObject(node)) this.#follow(node);
    for (const [key, member] of Object.entries<JsonValue>(node as JsonObject)) {
      if (!plainKeys.has(key)) this.enter(member);
    }
    this.#open.delete(node);
    this.#done.add(node);
  }

  #follow(node: JsonObject): void {
    const reference = node['$ref'];
    if (typeof reference !== 'string') return;
    const target = resolveReference(this.#root, reference);
    if (target === undefined) this.broken.add(node);
    else if (this.#open.has(target)) this.closing.add(node);
    else this.enter(target);
  }
}

function copy(node: JsonValue, walk: Walk): JsonValue {
  if (Array.isArray(node)) return (node as readonly JsonValue[]).map((element) => copy(element, walk));
  if (!isJsonObject(node)) return node;
  const made: Record<string, JsonValue> = {};
  // Not an assignment, which would set the prototype for one key.
  const put = (key: string, value: JsonValue): void => {
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true });
  };
  const problem = findProblem(node, walk);
  for (const [key, member] of Object.entries(node)) {
    if (typeof member === 'string' && (ownKeys.has(key) || isUnchecked(key, member))) continue;
    if (key === '$ref' && walk.broken.has(node)) continue;
    if (key === '$ref' && walk.closing.has(node)) put(loopKeyword, member);
    else if (key === 'patternProperties') put(key, copy(withoutUnchecked(member), walk));
    else put(key, plainKeys.has(key) ? member : copy(member, walk));
  }
  if (problem !== undefined) put(uncheckedKeyword, problem);
  return made;
}

function isUnchecked(key: string, member: string): boolean {
  return key === '$dynamicRef' || key === '$recursiveRef' || (key === 'pattern' && !isPattern(member));
}

function isPattern(text: string): boolean {
  return compilePattern(text) !== undefined;
}

function withoutUnchecked(patterns: JsonValue): JsonValue {
  if (!isJsonObject(patterns)) return patterns;
  return Object.fromEntries(Object.entries(patterns).filter(([pattern]) => isPattern(pattern)));
}

/** Of the schema itself, not of those in it: what it says that cannot be checked. */
function findProblem(node: JsonObject, { broken }: Walk): string | undefined {
  const { pattern, patternProperties } = node;
  if (broken.has(node)) return 'refers to what is not in it';
  if (typeof node['$dynamicRef'] === 'string' || typeof node['$recursiveRef'] === 'string') {
    return 'refers to what depends on where it is read';
  }
  const isOdd =
    (typeof pattern === 'string' && !isPattern(pattern)) ||
    (isJsonObject(patternProperties) && !Object.keys(patternProperties).every(isPattern));
  return isOdd ? 'has a pattern that cannot be matched in time' : undefined;
}
