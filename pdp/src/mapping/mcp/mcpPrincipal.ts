// Who asks: people and agents, with groups and tags that the caller has verified. They are not in the bundle, so that
// a new hire is no new version.
import type { CedarEntity, CedarRecord } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt, type JsonValue } from '@cardea/schemas/json';
import { factSchemas, principalSchema, readWire, type WireEntity } from '@cardea/schemas/wire';
import { vouchFor, type Caller } from '../../callers/caller.ts';
import { requirePlainKeys } from './plainKeys.ts';

/** The type of a subject in AuthZEN's MCP profile, which knows no groups. */
const identityType = 'identity';

/** Throws Refusal `invalid_request` and `not_permitted`. */
export function mapSubject(subject: WireEntity, caller: Caller): CedarEntity {
  const type = subject.type === identityType ? 'Person' : subject.type;
  if (type !== 'Person' && type !== 'Agent') {
    throw new Refusal('invalid_request', `subject.type: ${quoteExcerpt(type)} is none of Person, Agent`);
  }
  const vouched = vouchFor(caller, { ...subject, type });
  return mapPrincipal(
    vouched,
    subject.type === identityType || caller.class === 'client',
    'subject.properties',
  );
}

/** The agent that acts for the subject, from `context.agent`. Throws as `mapSubject` does. */
export function mapAgent(stated: JsonValue, caller: Caller): CedarEntity {
  if (typeof stated === 'string' && stated !== '') {
    return mapPrincipal(vouchFor(caller, { type: 'Agent', id: stated }), true, 'context.agent');
  }
  if (caller.class === 'client')
    throw new Refusal('not_permitted', 'a client states the agent by its id alone');
  const { id, ...properties } = readWire(factSchemas.agent, stated, 'context.agent');
  return mapPrincipal(
    { type: 'Agent', id, properties: properties as WireEntity['properties'] },
    false,
    'context.agent',
  );
}

/** `bare`: without properties it has no groups. Everybody else has to say so, lest a forbid on a group be skipped. */
function mapPrincipal({ type, id, properties }: WireEntity, bare: boolean, place: string): CedarEntity {
  const stated = properties ?? (bare ? { groups: [] } : undefined);
  const { groups, tags, owner } = readWire(principalSchema, stated, place);
  if (tags !== undefined) requirePlainKeys(tags, `${place}.tags`);
  return {
    uid: { type, id },
    attrs:
      type !== 'Agent' || owner === undefined ? {} : { owner: { __entity: { type: 'Person', id: owner } } },
    parents: groups.map((group) => ({ type: 'Group', id: group })),
    ...(tags === undefined ? {} : { tags: tags as CedarRecord }),
  };
}
