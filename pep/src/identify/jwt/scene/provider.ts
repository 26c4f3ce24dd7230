// A provider of the tests: keys that it has, tokens that it signs, and how its documents can be had.
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { FetchDocument } from '../keySource.ts';

export const issuerName = 'https://id.example.com';
export const resource = 'https://mcp.example.com/desk/mcp';
/** When the tests take place, in seconds. */
export const nowSeconds = 1_800_000_000;

export interface ProviderKey {
  readonly algorithm: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function makeKey(algorithm: string, kid: string): Promise<ProviderKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { algorithm, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

export const goodClaims = {
  iss: issuerName,
  aud: resource,
  sub: 'ann',
  azp: 'claude',
  groups: ['support'],
  iat: nowSeconds - 10,
  exp: nowSeconds + 300,
};

/** What is undefined is left out. */
export function sign(key: ProviderKey, claims: object = {}, header: object = {}): Promise<string> {
  const merged = JSON.parse(JSON.stringify({ ...goodClaims, ...claims })) as JWTPayload;
  const protectedHeader = JSON.parse(
    JSON.stringify({ alg: key.algorithm, kid: key.kid, typ: 'at+jwt', ...header }),
  ) as { alg: string };
  return new SignJWT(merged).setProtectedHeader(protectedHeader).sign(key.privateKey);
}

export class Provider {
  /** What its document of keys has. */
  keys: unknown[] = [];
  /** Instead of all that: what it says, or why it says nothing. */
  answer: (() => Promise<Uint8Array>) | undefined;
  readonly asked: string[] = [];

  readonly fetch: FetchDocument = async (url) => {
    this.asked.push(url.href);
    if (this.answer !== undefined) return this.answer();
    const document = url.pathname.endsWith('/openid-configuration')
      ? { issuer: issuerName, jwks_uri: `${issuerName}/keys` }
      : { keys: this.keys };
    return Promise.resolve(Buffer.from(JSON.stringify(document)));
  };
}
