// Finds names in policies that nothing in the bundle bears. The validator would take most of them: an entity that does
// not exist is of a type that does, and a rule about it silently never holds.

import { entityKey, entityOfKey, methodActions, showEntity, type EntityUid } from '@cardea/schemas/cedar';
import { joinEntities } from '../open/contents.ts';
import { makeProblem, type BuildProblem } from './buildProblem.ts';
import { placeOf, type SourcedPolicy } from './compilePolicies.ts';
import { findNearestName } from './nearestName.ts';
import type { ParsedSources } from './parseSources.ts';

/** What only the bundle can hold. Groups and people arrive with the request, so any name of theirs may be right. */
const types = new Set(['Action', 'Prompt', 'Resource', 'Server', 'Tool', 'Toolset']);

export function findUnknownNames(
  policies: readonly SourcedPolicy[],
  { catalogs, schemaText }: ParsedSources,
): BuildProblem[] {
  // Of profile plain only the author knows what exists; actions are checked against the schema by the validator.
  if (schemaText !== undefined) return [];
  const known = new Set(joinEntities(catalogs).map(({ uid }) => entityKey(uid)));
  for (const method of Object.keys(methodActions)) known.add(entityKey({ type: 'Action', id: method }));
  return policies.flatMap((policy) =>
    namedEntities(policy)
      .filter((uid) => types.has(uid.type) && !known.has(entityKey(uid)))
      .map((uid) => describe(policy, uid, known)),
  );
}

function namedEntities({ policy }: SourcedPolicy): EntityUid[] {
  const scopes = [policy.scope.principal, policy.scope.action, policy.scope.resource];
  const keys = scopes.flatMap((side) => side.keys ?? []);
  const literals = policy.uses.literals.map(entityKey);
  return [...new Set([...keys, ...literals])].map(entityOfKey);
}

function describe({ source }: SourcedPolicy, uid: EntityUid, known: ReadonlySet<string>): BuildProblem {
  const problem = makeProblem(
    'name_unknown',
    `the catalog has no ${showEntity(uid)}`,
    placeOf(source, showEntity(uid)),
  );
  const rivals = [...known].map(entityOfKey).filter(({ type }) => type === uid.type);
  const near = findNearestName(
    uid.id,
    rivals.map(({ id }) => id),
  );
  return near === undefined
    ? problem
    : { ...problem, help: `did you mean ${showEntity({ ...uid, id: near })}?` };
}
