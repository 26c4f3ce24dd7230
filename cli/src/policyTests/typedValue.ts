// JSON that Cedar has accepted, as the typed values that our engine takes. The explicit forms speak for themselves;
// with a schema the type says what the short ones mean.
import type {
  CedarEntity,
  CedarRecord,
  CedarValue,
  EntityReference,
  EntityUid,
  ExtensionValue,
} from '@cardea/schemas/cedar';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import type { ResolvedType, SchemaTypes, TypeInNamespace } from './schemaTypes.ts';

/** What Cedar takes and our engine has no form for: extension values of several arguments. */
export class Incomparable extends Error {}

export class ValueReader {
  readonly #types: SchemaTypes | undefined;

  constructor(types: SchemaTypes | undefined) {
    this.#types = types;
  }

  /** Throws Incomparable. */
  readContext(context: JsonValue, action: EntityUid): CedarRecord {
    return this.#read(context, this.#types?.contextOf(action)) as CedarRecord;
  }

  /** Throws Incomparable. */
  readEntities(entities: JsonValue): CedarEntity[] {
    return (entities as readonly JsonObject[]).map(({ uid, attrs = {}, parents = [], tags }) => {
      const own = readUid(uid);
      const tagsType = this.#types?.tagsOf(own.type);
      const tagEntries = Object.entries((tags ?? {}) as JsonObject);
      return {
        uid: own,
        attrs: this.#read(attrs, this.#types?.attributesOf(own.type)) as CedarRecord,
        parents: (parents as readonly JsonValue[]).map(readUid),
        ...(tags === undefined
          ? {}
          : { tags: makeRecord(tagEntries.map(([name, tag]) => [name, this.#read(tag, tagsType)])) }),
      };
    });
  }

  #read(value: JsonValue, type: TypeInNamespace | undefined): CedarValue {
    const resolved = type === undefined ? undefined : this.#types?.resolve(type);
    if (resolved?.kind === 'extension') return readExtension(value, resolved.constructor);
    if (resolved?.kind === 'entity') return { __entity: readUid(value) };
    return typeof value === 'object' ? this.#readCompound(value, resolved) : value;
  }

  #readCompound(value: readonly JsonValue[] | JsonObject | null, type: ResolvedType | undefined): CedarValue {
    if (value === null) throw new Incomparable('a null');
    if (!isJsonObject(value)) {
      const element = type?.kind === 'set' ? type.element : undefined;
      return value.map((member) => this.#read(member, element));
    }
    if (value['__entity'] !== undefined) return { __entity: readUid(value) } satisfies EntityReference;
    if (value['__extn'] !== undefined) return readExtension(value, '');
    const attributes = type?.kind === 'record' ? type.attributes : undefined;
    return makeRecord(
      Object.entries(value).map(([name, member]) => [name, this.#read(member, attributes?.get(name))]),
    );
  }
}

/** {"type", "id"}, or the same inside "__entity". */
function readUid(value: JsonValue | undefined): EntityUid {
  const outer = value as JsonObject;
  const { type, id } = (outer['__entity'] ?? outer) as JsonObject;
  if (typeof type === 'string' && typeof id === 'string') return { type, id };
  throw new Incomparable('an entity in a form of its own');
}

/** A text for the type's constructor, {"fn", "arg"}, or the same inside "__extn". */
function readExtension(value: JsonValue, constructor: string): ExtensionValue {
  if (typeof value === 'string') return { __extn: { fn: constructor, arg: value } };
  const outer = isJsonObject(value) ? value : {};
  const { fn, arg } = (outer['__extn'] ?? outer) as JsonObject;
  if (typeof fn === 'string' && typeof arg === 'string') return { __extn: { fn, arg } };
  throw new Incomparable('an extension value of several arguments');
}

/** Without a prototype, since `__proto__` is an attribute like any other. */
function makeRecord(entries: readonly (readonly [string, CedarValue])[]): CedarRecord {
  const record = Object.create(null) as Record<string, CedarValue>;
  for (const [name, value] of entries) record[name] = value;
  return record;
}
