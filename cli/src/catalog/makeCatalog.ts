// From what a server says of itself to a catalog for people to review. Everything new or changed is pending; what has
// not changed since the previous catalog keeps what its reviewer wrote.
import { Refusal } from '@cardea/schemas/codes';
import { canonicalJson, type JsonObject } from '@cardea/schemas/json';
import { readCatalog, wireDefinition, type Catalog, type CatalogServer } from '@cardea/schemas/mcp';
import type { PulledServer } from '../mcp/pullServer.ts';
import { definitionKinds, nameOf, type DefinitionKind } from './definitionKind.ts';
import { proposeReview, repeatReview } from './proposeReview.ts';

export interface PulledDefinition {
  readonly noun: DefinitionKind['noun'];
  readonly name: string;
}

export interface PulledCatalog {
  readonly catalog: Catalog;
  readonly added: readonly PulledDefinition[];
  readonly changed: readonly PulledDefinition[];
  /** In the previous catalog only. */
  readonly withdrawn: readonly PulledDefinition[];
  /** What no catalog can hold, and why: it stays denied. */
  readonly leftOut: readonly (PulledDefinition & { readonly why: string })[];
}

/** Definitions are sorted by name, since servers list them in any order. */
export function makeCatalog(
  pulled: PulledServer,
  server: CatalogServer,
  previous: Catalog | undefined,
): PulledCatalog {
  const review = new Review(server, findRepeated(pulled), previous);
  const lists = definitionKinds.map((kind) => [kind.list, review.take(kind, pulled[kind.list])]);
  const { instructions, capabilities } = pulled;
  const head = { server, ...(instructions === undefined ? {} : { instructions }), capabilities };
  const catalog = readCatalog({ ...head, ...Object.fromEntries(lists) } as JsonObject);
  const { added, changed, withdrawn, leftOut } = review;
  return { catalog, added, changed, withdrawn, leftOut };
}

class Review {
  readonly added: PulledDefinition[] = [];
  readonly changed: PulledDefinition[] = [];
  readonly withdrawn: PulledDefinition[] = [];
  readonly leftOut: (PulledDefinition & { readonly why: string })[] = [];
  readonly #server: CatalogServer;
  readonly #repeated: ReadonlySet<string>;
  readonly #previous: Catalog | undefined;

  constructor(server: CatalogServer, repeated: ReadonlySet<string>, previous: Catalog | undefined) {
    this.#server = server;
    this.#repeated = repeated;
    this.#previous = previous;
  }

  take(kind: DefinitionKind, wires: readonly JsonObject[]): JsonObject[] {
    const earlier = new Map(
      (this.#previous?.[kind.list] ?? []).map((definition): [string, JsonObject] => [
        nameOf(definition, kind),
        definition,
      ]),
    );
    const kept = new Map<string, JsonObject>();
    for (const [name, wire] of sortByName(wires, kind)) {
      const why = this.#whyNot(kind, wire);
      if (why !== undefined) this.leftOut.push({ noun: kind.noun, name, why });
      else kept.set(name, this.#review(kind, wire, earlier.get(name)));
    }
    for (const name of earlier.keys()) if (!kept.has(name)) this.withdrawn.push({ noun: kind.noun, name });
    return [...kept.values()];
  }

  #review(kind: DefinitionKind, wire: JsonObject, before: JsonObject | undefined): JsonObject {
    const named = { noun: kind.noun, name: nameOf(wire, kind) };
    const proposed = proposeReview(kind, wire);
    if (before === undefined) {
      this.added.push(named);
      return proposed;
    }
    // The earlier object, not its equal: then its keys stand in the order of the file that was reviewed.
    if (isSame(wireDefinition(before), wireDefinition(wire))) return before;
    this.changed.push(named);
    return repeatReview(proposed, before);
  }

  #whyNot(kind: DefinitionKind, wire: JsonObject): string | undefined {
    if (this.#repeated.has(nameKey(kind, wire))) return 'it is not the only one of that name';
    try {
      readCatalog({ server: this.#server, [kind.list]: [proposeReview(kind, wire)] });
      return undefined;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      return refusal.message.replace(`/${kind.list}/0`, '').trim();
    }
  }
}

function sortByName(wires: readonly JsonObject[], kind: DefinitionKind): [string, JsonObject][] {
  return wires
    .map((wire): [string, JsonObject] => [nameOf(wire, kind), wire])
    .sort(([left], [right]) => Number(left > right) - Number(left < right));
}

/** Of two definitions with one name nobody knows which a call would reach. */
function findRepeated(pulled: PulledServer): ReadonlySet<string> {
  const keys = definitionKinds.flatMap((kind) => pulled[kind.list].map((wire) => nameKey(kind, wire)));
  const repeated = [...Map.groupBy(keys, (key) => key)].filter(([, all]) => all.length > 1);
  return new Set(repeated.map(([key]) => key));
}

function nameKey(kind: DefinitionKind, wire: JsonObject): string {
  return `${kind.namespace} ${nameOf(wire, kind)}`;
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
