// Schemas that lead back into themselves. With alternatives in them a checker takes twice as long for each level of the
// arguments, so a schema is followed once round and no further: what lies deeper is the server's business.
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { resolveReference } from '@cardea/schemas/mcp';

/** Values, not schemas: whatever they look like. */
const plainKeys: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples']);

const dynamicKeys: ReadonlySet<string> = new Set(['$dynamicRef', '$recursiveRef']);

/** The schema without the references that close a circle, or that point to nothing in it. */
export function breakCycles(schema: JsonObject): JsonObject {
  const walk = new Walk(schema);
  walk.enter(schema);
  return copy(schema, walk.closing) as JsonObject;
}

class Walk {
  /** Those whose reference must go. */
  readonly closing = new Set<JsonObject>();
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
    if (target === undefined || this.#open.has(target)) this.closing.add(node);
    else this.enter(target);
  }
}

function copy(node: JsonValue, closing: ReadonlySet<JsonValue>): JsonValue {
  if (Array.isArray(node)) return (node as readonly JsonValue[]).map((element) => copy(element, closing));
  if (!isJsonObject(node)) return node;
  const made: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(node)) {
    if (dynamicKeys.has(key) && typeof member === 'string') continue;
    if (key === '$ref' && closing.has(node)) continue;
    // Not an assignment, which would set the prototype for one key.
    Object.defineProperty(made, key, {
      value: plainKeys.has(key) ? member : copy(member, closing),
      enumerable: true,
    });
  }
  return made;
}
