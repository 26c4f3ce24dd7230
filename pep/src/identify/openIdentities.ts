// Everybody who may be somebody: those of the grants file, and with providers configured the holders of their tokens.
import type { IssuersConfig } from '../config/issuerConfig.ts';
import { EitherIdentities } from './eitherIdentities.ts';
import type { GrantFile } from './grantFile.ts';
import type { Identities } from './identity.ts';
import { openIssuers, type OpenIssuersOptions } from './jwt/openIssuers.ts';
import { ProtectedResources } from './protectedResources.ts';

export interface OpenedIdentities {
  readonly identities: Identities;
  /** Where clients get tokens; undefined where grants are all there is. */
  readonly resources: ProtectedResources | undefined;
  /** To be called at a regular pace, a second apart at most. Never waits. */
  readonly poll: () => void;
}

export function openIdentities(
  grants: GrantFile,
  issuers: IssuersConfig | undefined,
  options: OpenIssuersOptions & { readonly servers: Iterable<string> },
): OpenedIdentities {
  if (issuers === undefined) return { identities: grants, resources: undefined, poll: () => undefined };
  const { identities, poll } = openIssuers(issuers, options);
  return {
    identities: new EitherIdentities(grants, identities),
    resources: new ProtectedResources(issuers, options.servers),
    poll,
  };
}
