// Values with every entity reference and extension value written out, from JSON that leaves some of that to a schema.

import type { CedarRecord, CedarValue } from '@cardea/schemas/cedar';
import { formatPointer, isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { readExplicit, readExtension, readUid, type RecordReader } from '../open/entities.ts';
import { FieldFault } from '../open/fields.ts';
import type { NamedType, SchemaTypes } from './schemaTypes.ts';

/**
 * Whether a value is of its type is for Cedar to say; here it is only read as the type suggests. Throws FieldFault
 * for what Cedar has no value for.
 */
export class ExplicitReader {
  readonly #types: SchemaTypes;

  constructor(types: SchemaTypes) {
    this.#types = types;
  }

  /** For `readEntities`. */
  readonly readRecord: RecordReader = (value, { entityType, field, pointer }) => {
    if (field === 'attrs') {
      const type = this.#types.attributesOf(entityType);
      return this.#readMembers(value, pointer, this.#attributesOf(type));
    }
    const type = this.#types.tagsOf(entityType);
    return this.#readMembers(value, pointer, () => type);
  };

  read(value: JsonValue, type: NamedType | undefined, pointer: string): CedarValue {
    const resolved = type === undefined ? undefined : this.#types.resolve(type);
    switch (resolved?.kind) {
      case 'entity':
        return { __entity: readUid(value, pointer) };
      case 'extension':
        if (typeof value === 'string') return { __extn: { fn: resolved.constructor, arg: value } };
        return readExtension(wrapExtension(value), pointer);
      case 'set':
        if (!Array.isArray(value)) throw new FieldFault(pointer, 'must be a list');
        return (value as readonly JsonValue[]).map((element, index) =>
          this.read(element, resolved.element, `${pointer}/${index}`),
        );
      case 'record':
        if (!isJsonObject(value)) throw new FieldFault(pointer, 'must be an object');
        return this.#readMembers(value, pointer, (name) => resolved.attributes.get(name));
      case 'primitive':
      case undefined:
        return readExplicit(value, pointer);
    }
  }

  #readMembers(
    value: JsonObject,
    pointer: string,
    typeOf: (name: string) => NamedType | undefined,
  ): CedarRecord {
    const record = Object.create(null) as Record<string, CedarValue>;
    for (const [name, member] of Object.entries<JsonValue>(value)) {
      record[name] = this.read(member, typeOf(name), pointer + formatPointer([name]));
    }
    return record;
  }

  #attributesOf(type: NamedType | undefined): (name: string) => NamedType | undefined {
    const resolved = type === undefined ? undefined : this.#types.resolve(type);
    return (name) => (resolved?.kind === 'record' ? resolved.attributes.get(name) : undefined);
  }
}

/** With a schema, `{"fn", "arg"}` may stand alone. */
function wrapExtension(value: JsonValue): JsonValue {
  return isJsonObject(value) && Object.hasOwn(value, '__extn') ? value : { __extn: value };
}
