// Who calls: one grant for all calls, or as many as sessions are spread over.
import { sha256Hex } from '@cardea/schemas/digest';
import type { WireGrant } from '@cardea/schemas/wire';
import { group } from './policies.ts';
import { serverId } from './tool.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** One for each token. They are new: where there are no sessions, a grant's age is a session's. */
export function listGrants(tokens: readonly string[], nowMs: number): WireGrant[] {
  const issued = new Date(nowMs - minuteMs).toISOString();
  const expires = new Date(nowMs + dayMs).toISOString();
  return tokens.map((token, at) => ({
    id: `grant-${at}`,
    tokenSha256: sha256Hex(token),
    person: { id: `person-${at}`, groups: [group, 'staff'] },
    agent: { id: 'assistant', groups: [] },
    servers: [serverId],
    tools: [],
    effects: ['read', 'write'],
    issued,
    expires,
  }));
}
