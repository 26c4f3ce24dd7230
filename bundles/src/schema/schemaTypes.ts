// The types of a Cedar schema by name, for values whose JSON does not show them: with a schema Cedar takes "10.0.0.1"
// for an address and {"type": "User", "id": "ann"} for an entity, and our engine evaluates without one.

import type { CedarHost } from '@cardea/engine';
import { entityKey, type CedarEntity, type EntityUid } from '@cardea/schemas/cedar';

/** A type as the schema's JSON form has it, and the namespace in which its names are looked up. */
export interface NamedType {
  readonly json: TypeJson;
  readonly namespace: string;
}

interface TypeJson {
  readonly type: string;
  readonly name?: string;
  readonly element?: TypeJson;
  readonly attributes?: Readonly<Record<string, TypeJson>>;
}

export type ResolvedType =
  | { readonly kind: 'record'; readonly attributes: ReadonlyMap<string, NamedType> }
  | { readonly kind: 'set'; readonly element: NamedType }
  | { readonly kind: 'extension'; readonly constructor: string }
  | { readonly kind: 'entity' }
  | { readonly kind: 'primitive' };

interface EntityTypeJson {
  readonly shape?: TypeJson;
  readonly tags?: TypeJson;
}

interface ActionJson {
  readonly appliesTo?: { readonly context?: TypeJson };
  readonly memberOf?: readonly { readonly id: string; readonly type?: string }[] | null;
}

interface NamespaceJson {
  readonly commonTypes?: Readonly<Record<string, TypeJson>>;
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
  readonly #common = new Map<string, NamedType>();
  readonly #entities = new Map<string, EntityTypeJson & { readonly namespace: string }>();
  readonly #actions = new Map<string, ActionJson & { readonly uid: EntityUid; readonly namespace: string }>();

  /** `schema` is the JSON text that calls into Cedar take: of a string in schema syntax, or of an object. */
  constructor(host: CedarHost, schema: string) {
    const answer = JSON.parse(host.call('schemaToJson', schema)) as { json?: Record<string, NamespaceJson> };
    if (answer.json === undefined) throw new Error('this schema does not parse');
    for (const [namespace, declared] of Object.entries(answer.json)) this.#declare(namespace, declared);
  }

  contextOf(action: EntityUid): NamedType | undefined {
    const found = this.#actions.get(entityKey(action));
    return nameType(found?.appliesTo?.context, found?.namespace);
  }

  attributesOf(entityType: string): NamedType | undefined {
    const found = this.#entities.get(entityType);
    return nameType(found?.shape, found?.namespace);
  }

  tagsOf(entityType: string): NamedType | undefined {
    const found = this.#entities.get(entityType);
    return nameType(found?.tags, found?.namespace);
  }

  /** The actions with their groups, which Cedar knows from a schema and otherwise has to be told. */
  actionEntities(): CedarEntity[] {
    return [...this.#actions.values()].map(({ uid, memberOf, namespace }) => ({
      uid,
      attrs: {},
      parents: (memberOf ?? []).map(({ id, type = 'Action' }) =>
        this.#resolveAction({ type, id }, namespace),
      ),
    }));
  }

  resolve({ json, namespace }: NamedType): ResolvedType {
    switch (json.type) {
      case 'Record': {
        const attributes = Object.entries(json.attributes ?? {});
        return {
          kind: 'record',
          attributes: new Map(attributes.map(([name, of]) => [name, { json: of, namespace }])),
        };
      }
      case 'Set':
        return { kind: 'set', element: { json: json.element ?? { type: 'String' }, namespace } };
      case 'Entity':
        return { kind: 'entity' };
      default:
        // A primitive or extension type, or the name of a declared one, under either of two fields.
        return this.#resolveName(json.name ?? json.type, namespace);
    }
  }

  #declare(namespace: string, { commonTypes = {}, entityTypes = {}, actions = {} }: NamespaceJson): void {
    for (const [name, json] of Object.entries(commonTypes)) {
      this.#common.set(qualify(name, namespace), { json, namespace });
    }
    for (const [name, type] of Object.entries(entityTypes)) {
      this.#entities.set(qualify(name, namespace), { ...type, namespace });
    }
    for (const [id, action] of Object.entries(actions)) {
      const uid = { type: qualify('Action', namespace), id };
      this.#actions.set(entityKey(uid), { ...action, uid, namespace });
    }
  }

  /** A name without a namespace is looked up in its own first, then outside any. */
  #resolveName(name: string, namespace: string): ResolvedType {
    for (const candidate of [qualify(name, namespace), name]) {
      const common = this.#common.get(candidate);
      if (common !== undefined) return this.resolve(common);
      if (this.#entities.has(candidate)) return { kind: 'entity' };
    }
    const constructor = constructors.get(name.replace(/^__cedar::/, ''));
    return constructor === undefined ? { kind: 'primitive' } : { kind: 'extension', constructor };
  }

  #resolveAction({ type, id }: EntityUid, namespace: string): EntityUid {
    const near = { type: qualify(type, namespace), id };
    return this.#actions.has(entityKey(near)) ? near : { type, id };
  }
}

function nameType(json: TypeJson | undefined, namespace = ''): NamedType | undefined {
  return json === undefined ? undefined : { json, namespace };
}

function qualify(name: string, namespace: string): string {
  return namespace === '' || name.includes('::') ? name : `${namespace}::${name}`;
}
