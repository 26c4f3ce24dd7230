// Identity providers as the operator has configured them, with every default in place: what a token of each has to be,
// and what it then means.
import type { Effect } from '@cardea/schemas/cedar';
import { WireRefusal, type WireIssuer, type WireProxyConfig } from '@cardea/schemas/wire';

export interface IssuerConfig {
  /** As tokens spell it. */
  readonly issuer: string;
  /** Found through the provider's own metadata, if absent. */
  readonly jwksUrl?: URL;
  readonly algorithms: readonly string[];
  /** By server, and one at least for each. */
  readonly audiences: ReadonlyMap<string, readonly string[]>;
  readonly claims: ClaimPaths;
  /** Before the names of people, groups and agents. */
  readonly prefix: string;
  /** Undefined where tokens are not limited by their scopes. */
  readonly scopes: readonly Scope[] | undefined;
  readonly clockSkewMs: number;
}

/** Names on the way to a claim. */
export type ClaimPath = readonly string[];

export interface ClaimPaths {
  readonly person: ClaimPath;
  readonly groups: ClaimPath;
  /** The first that a token has; those that it has have to agree. */
  readonly agent: readonly ClaimPath[];
  readonly tags: ReadonlyMap<string, ClaimPath>;
}

/** What it opens: these effects, on these servers alone. */
export interface Scope {
  readonly scope: string;
  readonly servers: ReadonlySet<string>;
  readonly effects: readonly Effect[];
}

export interface IssuersConfig {
  /** An origin: a server is at `<publicUrl>/<id>/mcp`. */
  readonly publicUrl: string;
  readonly issuers: readonly IssuerConfig[];
}

const algorithmsDefault = ['RS256', 'ES256', 'EdDSA'] as const;
const skewSecondsDefault = 30;

/** Undefined where there are none. Throws WireRefusal. */
export function readIssuers({ publicUrl, issuers, servers }: WireProxyConfig): IssuersConfig | undefined {
  if (issuers === undefined) return undefined;
  if (publicUrl === undefined)
    throw new WireRefusal('/issuers', 'publicUrl has to name the proxy: tokens are issued for it');
  const names = new Set<string>();
  const ids = servers.map(({ id }) => id);
  const read = issuers.map((wire, index): IssuerConfig => {
    if (names.has(wire.issuer))
      throw new WireRefusal(`/issuers/${index}/issuer`, 'an issuer before this one has the same name');
    names.add(wire.issuer);
    if (issuers.length > 1 && wire.prefix === undefined) {
      const message = 'of several issuers each needs a prefix: two of them may use one name for two people';
      throw new WireRefusal(`/issuers/${index}`, message);
    }
    requireServers(wire, ids, index);
    return readIssuer(wire, ids, publicUrl);
  });
  return { publicUrl, issuers: read };
}

/** RFC 9728, 1.2: what a token for one server names as its audience, and clients as their resource. */
export function resourceOf(publicUrl: string, server: string): string {
  return `${publicUrl}/${server}/mcp`;
}

function requireServers({ audiences = {}, scopes = [] }: WireIssuer, ids: string[], index: number): void {
  const named = [...Object.keys(audiences), ...scopes.flatMap(({ servers = [] }) => servers)];
  const stray = named.find((id) => !ids.includes(id));
  if (stray !== undefined)
    throw new WireRefusal(`/issuers/${index}`, `issuers.${index}: there is no server ${stray}`);
}

function readIssuer(wire: WireIssuer, ids: readonly string[], publicUrl: string): IssuerConfig {
  const { issuer, jwksUrl, algorithms, audiences = {}, claims = {}, prefix = '', scopes } = wire;
  return {
    issuer,
    ...(jwksUrl === undefined ? {} : { jwksUrl: new URL(jwksUrl) }),
    algorithms: algorithms ?? algorithmsDefault,
    audiences: new Map(ids.map((id) => [id, audiences[id] ?? [resourceOf(publicUrl, id)]])),
    claims: {
      person: pathOf(claims.person ?? 'sub'),
      groups: pathOf(claims.groups ?? 'groups'),
      agent: claims.agent === undefined ? [['azp'], ['client_id']] : [pathOf(claims.agent)],
      tags: new Map(Object.entries(claims.tags ?? {}).map(([tag, claim]) => [tag, pathOf(claim)])),
    },
    prefix,
    scopes: scopes?.map(({ scope, servers, effects }) => ({
      scope,
      servers: new Set(servers ?? ids),
      effects,
    })),
    clockSkewMs: (wire.clockSkewSeconds ?? skewSecondsDefault) * 1_000,
  };
}

function pathOf(claim: string | readonly string[]): ClaimPath {
  return typeof claim === 'string' ? [claim] : claim;
}
