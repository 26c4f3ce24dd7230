// A schema's types by name, for values whose JSON does not show them: with a schema Cedar takes "2026-01-01" for a
// datetime and {"type": "User", "id": "ann"} for an entity.
import type { CedarHost } from '@cardea/engine';
import type { CedarEntity, EntityUid } from '@cardea/schemas/cedar';
import type { Schema } from '../project/schema.ts';

/** A type as the schema's JSON form has it. */
export interface SchemaType {
  readonly type: string;
  readonly name?: string;
  readonly element?: SchemaType;
  readonly attributes?: Readonly<Record<string, SchemaType>>;
}

/** A type and the namespace in which its names are looked up. */
export interface TypeInNamespace {
  readonly type: SchemaType;
  readonly namespace: string;
}

export type ResolvedType =
  | { readonly kind: 'record'; readonly attributes: ReadonlyMap<string, TypeInNamespace> }
  | { readonly kind: 'set'; readonly element: TypeInNamespace }
  | { readonly kind: 'extension'; readonly constructor: string }
  | { readonly kind: 'entity' }
  | { readonly kind: 'primitive' };

interface EntityTypeJson {
  readonly shape?: SchemaType;
  readonly tags?: SchemaType;
}

interface ActionJson {
  readonly appliesTo?: { readonly context?: SchemaType };
  readonly memberOf?: readonly { readonly id: string; readonly type?: string }[] | null;
}

interface NamespaceJson {
  readonly commonTypes?: Readonly<Record<string, SchemaType>>;
  readonly entityTypes?: Readonly<Record<string, EntityTypeJson>>;
  readonly actions?: Readonly<Record<string, ActionJson>>;
}

/** The function that makes a value of each extension type. */
const constructors = new Map([
  ['decimal', 'decimal'],
  ['ipaddr', 'ip'],
  ['datetime', 'datetime'],
  ['duration', 'duration'],
]);

export class SchemaTypes {
  readonly #common = new Map<string, TypeInNamespace>();
  readonly #entities = new Map<string, EntityTypeJson & { readonly namespace: string }>();
  readonly #actions = new Map<string, ActionJson & { readonly uid: EntityUid; readonly namespace: string }>();

  constructor(host: CedarHost, schema: Schema) {
    const { json } = JSON.parse(host.call('schemaToJson', schema.json)) as {
      json: Record<string, NamespaceJson>;
    };
    for (const [namespace, { commonTypes = {}, entityTypes = {}, actions = {} }] of Object.entries(json)) {
      const qualify = (name: string): string => (namespace === '' ? name : `${namespace}::${name}`);
      for (const [name, type] of Object.entries(commonTypes))
        this.#common.set(qualify(name), { type, namespace });
      for (const [name, type] of Object.entries(entityTypes))
        this.#entities.set(qualify(name), { ...type, namespace });
      for (const [id, action] of Object.entries(actions)) {
        const uid = { type: qualify('Action'), id };
        this.#actions.set(keyOf(uid), { ...action, uid, namespace });
      }
    }
  }

  contextOf(action: EntityUid): TypeInNamespace | undefined {
    const found = this.#actions.get(keyOf(action));
    const type = found?.appliesTo?.context;
    return found === undefined || type === undefined ? undefined : { type, namespace: found.namespace };
  }

  attributesOf(entityType: string): TypeInNamespace | undefined {
    const found = this.#entities.get(entityType);
    return found?.shape === undefined ? undefined : { type: found.shape, namespace: found.namespace };
  }

  tagsOf(entityType: string): TypeInNamespace | undefined {
    const found = this.#entities.get(entityType);
    return found?.tags === undefined ? undefined : { type: found.tags, namespace: found.namespace };
  }

  /** The action entities that Cedar adds to every request under this schema. */
  actionEntities(): CedarEntity[] {
    return [...this.#actions.values()].map(({ uid, memberOf, namespace }) => ({
      uid,
      attrs: {},
      parents: (memberOf ?? []).map(({ id, type = 'Action' }) => this.#resolveAction(type, id, namespace)),
    }));
  }

  resolve({ type, namespace }: TypeInNamespace): ResolvedType {
    switch (type.type) {
      case 'Record': {
        const attributes = Object.entries(type.attributes ?? {});
        return {
          kind: 'record',
          attributes: new Map(attributes.map(([name, of]) => [name, { type: of, namespace }])),
        };
      }
      case 'Set':
        return { kind: 'set', element: { type: type.element ?? { type: 'String' }, namespace } };
      case 'Entity':
        return { kind: 'entity' };
      default:
        // Primitive, extension, or the name of a common type.
        return this.#resolveName(type.name ?? type.type, namespace);
    }
  }

  /** A name without a namespace is looked up in its own first, then in the one without a name. */
  #resolveName(name: string, namespace: string): ResolvedType {
    for (const candidate of namespace === '' || name.includes('::')
      ? [name]
      : [`${namespace}::${name}`, name]) {
      const common = this.#common.get(candidate);
      if (common !== undefined) return this.resolve(common);
      if (this.#entities.has(candidate)) return { kind: 'entity' };
    }
    const constructor = constructors.get(name.replace(/^__cedar::/, ''));
    return constructor === undefined ? { kind: 'primitive' } : { kind: 'extension', constructor };
  }

  #resolveAction(type: string, id: string, namespace: string): EntityUid {
    const near = { type: namespace === '' || type.includes('::') ? type : `${namespace}::${type}`, id };
    return this.#actions.has(keyOf(near)) ? near : { type, id };
  }
}

function keyOf({ type, id }: EntityUid): string {
  return `${type}\u0000${id}`;
}
