// A token of a provider, from its text to claims that hold (RFC 8725): the issuer and the algorithm are looked up, never
// believed; keys come from the provider alone; and everything that is not known to be right is a fault.
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { Refusal } from '@cardea/schemas/codes';
import type { IssuerConfig } from '../../config/issuerConfig.ts';
import type { IssuerKeys } from './issuerKeys.ts';
import type { SigningKey } from './keySet.ts';
import { TokenFault } from './tokenFault.ts';

export interface Issuer {
  readonly config: IssuerConfig;
  readonly keys: Pick<IssuerKeys, 'find' | 'stands'>;
}

export interface VerifiedToken {
  readonly issuer: Issuer;
  readonly claims: TimedClaims;
  /** Of the key that signed it. */
  readonly thumbprint: string;
}

export type TimedClaims = JWTPayload & { readonly iat: number; readonly exp: number; readonly sub: string };

export interface VerifyOptions {
  /** By the name that tokens have for them. */
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly server: string;
  /** Wall clock, in milliseconds. */
  readonly nowMs: number;
}

/** Below what headers may have together. */
export const tokenCharactersMax = 12 * 1024;
const kidCharactersMax = 512;

/** RFC 7519, 5.1 and RFC 9068, 2.1: a token of another type was made for another purpose. */
const types: ReadonlySet<string> = new Set(['jwt', 'at+jwt', 'application/at+jwt', 'application/jwt']);

const shape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** Throws TokenFault, and Refusal `issuer_unavailable` where its provider cannot be asked. */
export async function verifyToken(token: string, options: VerifyOptions): Promise<VerifiedToken> {
  const { issuer, algorithm, kid } = readUnverified(token, options.issuers);
  const key = await findKey(issuer, { algorithm, kid });
  const claims = await readVerified(token, key, issuer.config, options);
  requireTimes(claims, issuer.config, options.nowMs);
  return { issuer, claims, thumbprint: key.thumbprint };
}

interface Unverified {
  readonly issuer: Issuer;
  readonly algorithm: string;
  readonly kid: string | undefined;
}

/** Attackers write what is read here: it only chooses among what was configured. */
function readUnverified(token: string, issuers: ReadonlyMap<string, Issuer>): Unverified {
  if (token.length > tokenCharactersMax || !shape.test(token)) throw new TokenFault('malformed');
  const { alg, kid, typ, iss } = decode(token);
  const issuer = typeof iss === 'string' ? issuers.get(iss) : undefined;
  if (issuer === undefined) throw new TokenFault('unknown_issuer');
  if (typ !== undefined && !(typeof typ === 'string' && types.has(typ.toLowerCase())))
    throw new TokenFault('malformed');
  if (typeof alg !== 'string' || !issuer.config.algorithms.includes(alg)) throw new TokenFault('algorithm');
  if (kid !== undefined && !(typeof kid === 'string' && kid.length <= kidCharactersMax))
    throw new TokenFault('unknown_key');
  return { issuer, algorithm: alg, kid };
}

function decode(token: string): Record<'alg' | 'kid' | 'typ' | 'iss', unknown> {
  try {
    const { alg, kid, typ } = decodeProtectedHeader(token);
    return { alg, kid, typ, iss: decodeJwt(token).iss };
  } catch (cause) {
    throw new TokenFault('malformed', { cause });
  }
}

async function findKey(issuer: Issuer, wanted: Omit<Unverified, 'issuer'>): Promise<SigningKey> {
  try {
    const key = await issuer.keys.find(wanted);
    if (key !== undefined) return key;
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    // A key that its provider publishes and nobody can use.
    throw new TokenFault('unknown_key', { cause });
  }
  throw new TokenFault('unknown_key');
}

async function readVerified(
  token: string,
  { key }: SigningKey,
  { issuer, algorithms, audiences, clockSkewMs }: IssuerConfig,
  { server, nowMs }: VerifyOptions,
): Promise<TimedClaims> {
  try {
    const { payload } = await jwtVerify<TimedClaims>(token, key, {
      algorithms: [...algorithms],
      issuer,
      audience: [...(audiences.get(server) ?? [])],
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: clockSkewMs / 1_000,
      currentDate: new Date(nowMs),
    });
    return payload;
  } catch (cause) {
    throw new TokenFault(codeOf(cause), { cause });
  }
}

function codeOf(fault: unknown): TokenFault['code'] {
  if (fault instanceof errors.JWTExpired) return 'expired';
  if (fault instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (!(fault instanceof errors.JWTClaimValidationFailed)) return 'malformed';
  if (fault.claim === 'aud') return 'audience';
  return fault.claim === 'nbf' && fault.reason === 'check_failed' ? 'early' : 'claims';
}

/** The last second that a date of RFC 3339 can name. */
const secondsMax = 253_402_300_799;

/** jose has looked at `exp` and `nbf`. */
function requireTimes({ iat, exp, sub }: TimedClaims, { clockSkewMs }: IssuerConfig, nowMs: number): void {
  const isTime = (seconds: unknown): boolean =>
    typeof seconds === 'number' && seconds >= 0 && seconds <= secondsMax;
  if (!isTime(iat) || !isTime(exp) || typeof sub !== 'string' || sub === '') throw new TokenFault('claims');
  if (iat * 1_000 > nowMs + clockSkewMs) throw new TokenFault('early');
}
