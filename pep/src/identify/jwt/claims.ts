// What a verified token says, in the words of a grant: a person, the agent that acts for them, and what that covers on
// one server. Of claims that cannot be used nothing is guessed: a group too few can be a forbid too few.
import { sha256Hex } from '@cardea/schemas/digest';
import { encodeFields } from '@cardea/schemas/json';
import { grantSchema, readWire, type WireGrant } from '@cardea/schemas/wire';
import type { ClaimPath, ClaimPaths, IssuerConfig } from '../../config/issuerConfig.ts';
import { effectsOf } from './scopes.ts';
import { TokenFault } from './tokenFault.ts';
import type { TimedClaims } from './verifyToken.ts';

export interface GrantedOn {
  readonly server: string;
  /** Wall clock, in milliseconds. */
  readonly nowMs: number;
}

/** Throws TokenFault `claims`. */
export function readGrant(
  claims: TimedClaims,
  config: IssuerConfig,
  { server, nowMs }: GrantedOn,
): WireGrant {
  requireBearer(claims);
  const { prefix, clockSkewMs, issuer } = config;
  const agent = readAgent(claims, config.claims);
  const id = nameGrant(issuer, claims.sub, agent);
  const wire: WireGrant = {
    id,
    tokenSha256: '0'.repeat(64),
    person: {
      id: prefix + readPerson(claims, config.claims),
      groups: readGroups(claims, config.claims).map((group) => prefix + group),
      tags: readTags(claims, config.claims),
    },
    agent: { id: prefix + agent, groups: [] },
    servers: [server],
    tools: [],
    effects: effectsOf(claims, config, server),
    // A clock ahead of ours made it no later than now.
    issued: writeTime(Math.min(claims.iat * 1_000, nowMs)),
    // Everybody who reads this goes by our clock.
    expires: writeTime(claims.exp * 1_000 + clockSkewMs),
  };
  try {
    return readWire(grantSchema, wire);
  } catch (cause) {
    throw new TokenFault('claims', { cause });
  }
}

/**
 * What a person has let an agent do, at one provider: it stays the same when the token is refreshed, so that sessions
 * go on.
 */
function nameGrant(issuer: string, subject: string, agent: string): string {
  const names = [issuer, subject, agent];
  return `jwt-${sha256Hex(encodeFields(names.map((text, tag) => ({ tag, text: requireText(text) }))))}`;
}

/** RFC 8705, 3 and RFC 9449, 6: one that is bound to a key is no bearer token, and we see no key. */
function requireBearer(claims: TimedClaims): void {
  if (Object.hasOwn(claims, 'cnf')) throw new TokenFault('claims');
}

function readPerson(claims: TimedClaims, { person }: ClaimPaths): string {
  // Whoever may choose an address before it is checked may choose another's.
  if (person.length === 1 && person[0] === 'email' && claimAt(claims, ['email_verified']) === false)
    throw new TokenFault('claims');
  return requireText(claimAt(claims, person));
}

/** Never from what clients say of themselves. Where two claims name the agent they have to agree. */
function readAgent(claims: TimedClaims, { agent }: ClaimPaths): string {
  const named = new Set(agent.map((path) => claimAt(claims, path)).filter((name) => name !== undefined));
  const [name] = named;
  if (named.size !== 1) throw new TokenFault('claims');
  return requireText(name);
}

/** A token without the claim has no groups; one that says that they are elsewhere has groups that nobody knows. */
function readGroups(claims: TimedClaims, { groups }: ClaimPaths): string[] {
  const found = claimAt(claims, groups);
  const [name = ''] = groups;
  const elsewhere = claimAt(claims, ['_claim_names']);
  const isElsewhere = typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, name);
  if (isElsewhere || claimAt(claims, ['hasgroups']) === true) throw new TokenFault('claims');
  if (found === undefined) return [];
  return (Array.isArray(found) ? found : [found]).map(requireText);
}

function readTags(claims: TimedClaims, { tags }: ClaimPaths): Record<string, string> {
  const read = Object.create(null) as Record<string, string>;
  for (const [tag, path] of tags) {
    const value = claimAt(claims, path);
    if (value !== undefined) read[tag] = requireText(value);
  }
  return read;
}

/** Undefined where there is none, or null. Names of prototypes name nothing. */
function claimAt(claims: object, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value ?? undefined;
}

function requireText(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.isWellFormed()) return value;
  throw new TokenFault('claims');
}

function writeTime(ms: number): string {
  const time = new Date(ms);
  // Past the year 9999 dates are written in another way.
  if (!(ms >= 0 && ms <= Date.UTC(9999, 11, 31))) throw new TokenFault('claims');
  return time.toISOString();
}
