// AuthZEN over any Cedar schema: subjects and resources are entities of their type, whose attributes are the request's
// properties over the bundle's; the action's properties and the context are the context.
import type { DecisionRequest, Tuple } from '@cardea/engine';
import {
  entityKey,
  isCedarRecord,
  isCedarSet,
  isEntityReference,
  showEntity,
  type CedarEntity,
  type CedarRecord,
  type CedarValue,
  type EntityUid,
} from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt, type JsonObject } from '@cardea/schemas/json';
import type { WireAction, WireDepends, WireEntity, WireEvaluation } from '@cardea/schemas/wire';
import { requireStatable, vouchFor, type Caller } from '../../callers/caller.ts';
import type { Judge } from '../../decision/judge.ts';
import type { Mapped, Mapping } from '../mapping.ts';
import { ActionNames } from './actionNames.ts';
import { isEntityType } from './entityType.ts';
import { mapPlainRecord } from './plainValue.ts';

const noAttributes: CedarRecord = Object.freeze({});

export class PlainMapping implements Mapping {
  readonly discovery = undefined;
  readonly #entities: ReadonlyMap<string, CedarEntity>;
  readonly #idsByType: ReadonlyMap<string, readonly string[]>;
  readonly #actions: ActionNames;
  /** What attributes and conditions in the bundle point at, whether the bundle holds it or not. */
  readonly #referenced: ReadonlySet<string>;
  readonly searchesSubjects: boolean;

  /** `literals` are the keys of the entities that conditions name. */
  constructor(entities: readonly CedarEntity[], literals: readonly string[] = []) {
    this.#entities = new Map(entities.map((entity) => [entityKey(entity.uid), entity]));
    const idsByType = Map.groupBy(entities, (entity) => entity.uid.type);
    this.#idsByType = new Map(
      [...idsByType].map(([type, members]) => [type, members.map((member) => member.uid.id).sort()]),
    );
    this.#actions = new ActionNames(entities);
    const pointed = entities.flatMap(({ attrs, tags = {} }) => referencesIn([attrs, tags]));
    this.#referenced = new Set([...pointed, ...literals]);
    this.searchesSubjects = [...this.#idsByType.keys()].some(isEntityType);
  }

  mapEvaluation(evaluation: WireEvaluation, caller: Caller): Mapped<DecisionRequest> {
    const { request } = this.mapTuple(evaluation, caller);
    const context = evaluation.context === undefined ? noAttributes : mapPlainRecord(evaluation.context);
    return {
      kind: 'mapped',
      request: { ...request, context: addAction(context, evaluation.action), supplied: [], approved: [] },
    };
  }

  mapTuple(depends: WireDepends, caller: Caller): { readonly kind: 'mapped'; readonly request: Tuple } {
    if (depends.context !== undefined) requireStatable(caller, depends.context);
    const entities: CedarEntity[] = [];
    const principal = this.#mapEntity(vouchFor(caller, depends.subject), entities);
    this.#requireUnknown(caller, depends.resource);
    const resource = this.#mapEntity(depends.resource, entities);
    const action = this.#actions.find(depends.action.name);
    return { kind: 'mapped', request: { principal, action, resource, entities } };
  }

  isShown(judge: Judge, evaluation: WireEvaluation, caller: Caller): boolean {
    if (!isEntityType(evaluation.subject.type) || !isEntityType(evaluation.resource.type)) return false;
    const mapped = this.mapEvaluation(evaluation, caller);
    return mapped.kind === 'mapped' && judge.decide(mapped.request).kind === 'allow';
  }

  listSubjects(type: string): readonly string[] {
    return this.#listIds(type);
  }

  listResources(type: string): readonly string[] {
    return this.#listIds(type);
  }

  listActions(): readonly string[] {
    return this.#actions.names;
  }

  #listIds(type: string): readonly string[] {
    return isEntityType(type) ? (this.#idsByType.get(type) ?? []) : [];
  }

  /**
   * A resource can be any entity, the subject itself included: a client that could state properties of those that the
   * bundle or the operator vouches for, or fill in what the bundle points at, could lift its own limits.
   */
  #requireUnknown(caller: Caller, resource: WireEntity): void {
    if (caller.class !== 'client' || resource.properties === undefined) return;
    const key = entityKey(resource);
    if (this.#entities.has(key) || this.#referenced.has(key) || caller.subjects.has(key)) {
      throw new Refusal('not_permitted', `a client may not state properties of ${quoteExcerpt(resource.id)}`);
    }
  }

  /** Adds to `entities` only what the bundle does not already know. */
  #mapEntity({ type, id, properties }: WireEntity, entities: CedarEntity[]): EntityUid {
    if (!isEntityType(type)) {
      throw new Refusal('invalid_request', `${quoteExcerpt(type)} is not the name of a Cedar entity type`);
    }
    const uid = { type, id };
    if (properties !== undefined) entities.push(this.#mergeEntity(uid, properties, entities));
    return uid;
  }

  #mergeEntity(uid: EntityUid, properties: JsonObject, stated: readonly CedarEntity[]): CedarEntity {
    const key = entityKey(uid);
    // A subject that acts on itself is stated twice: as the later statement of the same entity.
    const known = stated.find((entity) => entityKey(entity.uid) === key) ?? this.#entities.get(key);
    const attrs = Object.assign(
      Object.create(null),
      known?.attrs,
      mapPlainRecord(properties, `a property of ${showEntity(uid)}: `),
    ) as CedarRecord;
    return { ...known, uid, attrs, parents: known?.parents ?? [] };
  }
}

function referencesIn(values: readonly CedarValue[]): string[] {
  const keys: string[] = [];
  const open = [...values];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (isEntityReference(value)) keys.push(entityKey(value.__entity));
    else if (isCedarSet(value)) for (const element of value) open.push(element);
    else if (isCedarRecord(value)) for (const field of Object.values(value)) open.push(field);
  }
  return keys;
}

function addAction(context: CedarRecord, action: WireAction): CedarRecord {
  if (action.properties === undefined) return context;
  if (Object.hasOwn(context, 'action')) {
    throw new Refusal('invalid_request', 'context.action is taken by the properties of the action');
  }
  return Object.assign(Object.create(null), context, {
    action: mapPlainRecord(action.properties),
  }) as CedarRecord;
}
