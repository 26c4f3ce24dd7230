// Somebody who calls, through an agent, with a grant.
import type { WireGrant } from '@cardea/schemas/wire';
import { makeIdentity } from '../src/identify/makeIdentity.ts';
import type { Identity } from '../src/identify/identity.ts';

export function sampleIdentity(person: string, change: Partial<WireGrant> = {}): Identity {
  return makeIdentity({
    id: `g-${person}`,
    tokenSha256: 'a'.repeat(64),
    person: { id: person, groups: ['support'] },
    agent: { id: 'assistant', groups: [] },
    servers: ['desk'],
    tools: [],
    effects: ['read'],
    issued: '2026-01-01T00:00:00Z',
    expires: '2030-01-01T00:00:00Z',
    ...change,
  });
}
