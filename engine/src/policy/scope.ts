// The scope of a policy in the form that the index keys on: sound because a scope alone excludes, never a condition.
import { entityKey } from '@cardea/schemas/cedar';
import { entityOf, type EntityJson, type PolicyJson, type ScopeJson } from './policyJson.ts';

/** One side of a scope. `keys` are the entities of which the request's must be one or lie below; undefined is any. */
export interface ScopeSide {
  readonly keys?: readonly string[];
  /** `==` wants the entity itself; every other constraint also takes its descendants. */
  readonly exact: boolean;
  readonly type?: string;
}

export interface Scope {
  readonly principal: ScopeSide;
  readonly action: ScopeSide;
  readonly resource: ScopeSide;
}

export function readScope(policy: PolicyJson): Scope {
  return {
    principal: readSide(policy.principal),
    action: readSide(policy.action),
    resource: readSide(policy.resource),
  };
}

function readSide(scope: ScopeJson): ScopeSide {
  switch (scope.op) {
    case 'All':
      return { exact: false };
    case '==':
      return { keys: keysOf([scope.entity]), exact: true };
    case 'in':
      return { keys: keysOf(scope.entities ?? [scope.entity]), exact: false };
    case 'is':
      return {
        type: scope.entity_type,
        exact: false,
        ...(scope.in === undefined ? {} : { keys: keysOf([scope.in.entity]) }),
      };
  }
}

function keysOf(entities: readonly (EntityJson | undefined)[]): string[] {
  return entities.map((entity) => {
    // INVARIANT: templates are refused before this point, so every constraint names an entity.
    if (entity === undefined) throw new Error('a scope with an unfilled slot cannot be indexed');
    return entityKey(entityOf(entity));
  });
}
