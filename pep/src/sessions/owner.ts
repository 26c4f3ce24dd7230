// Whose something is: the person, the agent and the grant. What they may do has room to change, and a credential to be
// renewed, without it becoming somebody else's.
import type { Field } from '@cardea/schemas/json';
import type { Identity } from '../identify/identity.ts';

export function isSameOwner(left: Identity, right: Identity): boolean {
  return (
    left === right ||
    (left.grant.id === right.grant.id &&
      left.person.id === right.person.id &&
      left.agent.id === right.agent.id)
  );
}

export function encodeOwner({ person, agent, grant }: Identity): Field[] {
  return [
    { tag: 0, text: person.id },
    { tag: 1, text: agent.id },
    { tag: 2, text: grant.id },
  ];
}

const keys = new WeakMap<Identity, string>();

/** Tells two owners apart in maps. Identities last, so it is made once for each. */
export function ownerKey(identity: Identity): string {
  const known = keys.get(identity);
  if (known !== undefined) return known;
  const { person, agent, grant } = identity;
  const key = JSON.stringify([person.id, agent.id, grant.id]);
  keys.set(identity, key);
  return key;
}
