// Where the keys of a provider are: at the address that the operator gave, else where the provider's own metadata says
// (OpenID Connect Discovery 1.0, 4; RFC 8414, 3).
import { isJsonObject, parseStrictJson } from '@cardea/schemas/json';
import type { IssuerConfig } from '../../config/issuerConfig.ts';
import { keySetBytesMax } from './keySet.ts';

/** Follows no redirect, reads no more than so many bytes, and ends in time. Rejects for any answer but 200. */
export type FetchDocument = (url: URL, bytesMax: number) => Promise<Uint8Array>;

const metadataBytesMax = 256 * 1024;

/** Looks for the address each time: a provider that moves its keys says so there. */
export function makeKeySource(
  { issuer, jwksUrl }: Pick<IssuerConfig, 'issuer' | 'jwksUrl'>,
  fetchDocument: FetchDocument,
): () => Promise<Uint8Array> {
  return async () => fetchDocument(jwksUrl ?? (await discover(issuer, fetchDocument)), keySetBytesMax);
}

async function discover(issuer: string, fetchDocument: FetchDocument): Promise<URL> {
  const url = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const bytes = await fetchDocument(url, metadataBytesMax);
  const metadata = parseStrictJson(bytes, { bytesMax: metadataBytesMax, numbers: 'any' });
  // Whoever names another issuer speaks of another's keys.
  if (!isJsonObject(metadata) || metadata['issuer'] !== issuer)
    throw new RangeError('its metadata is that of another issuer');
  const address = typeof metadata['jwks_uri'] === 'string' ? URL.parse(metadata['jwks_uri']) : null;
  if (address === null || !isAsSafe(address, url))
    throw new RangeError('its metadata names no address of keys that can be used');
  return address;
}

/** Keys that come without TLS from elsewhere are anybody's. */
function isAsSafe(address: URL, metadata: URL): boolean {
  if (address.username + address.password !== '') return false;
  return address.protocol === 'https:' || (metadata.protocol === 'http:' && address.host === metadata.host);
}
