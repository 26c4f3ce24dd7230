// The token of a request: in the header Authorization, once, and nowhere else (RFC 6750, 2.1).
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import type { Found, Identities, Identity } from './identity.ts';

/** Below what headers may have together; what takes tokens has limits of its own. */
const headerCharactersMax = 14 * 1024;

/** Undefined where none came, or something that is none. */
export function readBearer({ authorization }: IncomingHttpHeaders): string | undefined {
  const isBearer =
    authorization !== undefined &&
    authorization.length <= headerCharactersMax &&
    authorization.slice(0, 7).toLowerCase() === 'bearer ';
  return isBearer ? authorization.slice(7).trim() : undefined;
}

/** Of whoever sent these headers to a server. Throws and rejects with Refusal. */
export function findBearer(headers: IncomingHttpHeaders, server: string, identities: Identities): Found {
  const token = readBearer(headers);
  return token === undefined ? undefined : identities.find(token, server);
}

/** Throws Refusal `unauthenticated`, the same for everybody who is nobody. */
export function requireIdentity(identity: Identity | undefined): Identity {
  if (identity !== undefined) return identity;
  throw new Refusal('unauthenticated', 'no known credential came with the request');
}
