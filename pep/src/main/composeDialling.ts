// What the proxy may reach when it dials out: by the ranges that its operator allows. Whatever leads elsewhere is a
// problem until the same place is reached.
import { AddressRanges, FetchFault, makeFetchBounded, type DialPolicy, type DialRefusal } from '@cardea/dial';
import type { ProxyConfig } from '../config/proxyConfig.ts';
import type { OnProblem } from '../health/problems.ts';
import type { FetchDocument } from '../identify/jwt/keySource.ts';

export interface Dialling {
  readonly policy: DialPolicy;
  /** Of the identity providers. */
  readonly fetchDocument: FetchDocument;
}

/** Places at once: names that others choose are no more than providers. */
const refusalsMax = 64;

/** People wait for it where their token names a key that is not known yet. */
const documentTimeoutMs = 3_000;

export function composeDialling({ dial, issuers }: ProxyConfig, report: OnProblem): Dialling {
  const refusals = new DialRefusals(report);
  const policy = { allow: dial?.allow ?? new AddressRanges(), report: refusals.set };
  const written = (issuers?.issuers ?? []).flatMap(({ issuer, jwksUrl }) => {
    const url = URL.parse(issuer);
    return [...(url === null ? [] : [url]), ...(jwksUrl === undefined ? [] : [jwksUrl])];
  });
  const fetchBounded = makeFetchBounded({ policy, written, timeoutMs: documentTimeoutMs });
  const fetchDocument: FetchDocument = async (url, bytesMax) => {
    const { status, bytes } = await fetchBounded(url, { bytesMax, headers: { accept: 'application/json' } });
    if (status !== 200) throw new FetchFault('unreachable', `it answered ${status}`);
    return bytes;
  };
  return { policy, fetchDocument };
}

/** Of all places one problem. */
class DialRefusals {
  readonly #report: OnProblem;
  readonly #byPlace = new Map<string, DialRefusal>();

  constructor(report: OnProblem) {
    this.#report = report;
  }

  readonly set = (place: string, refusal: DialRefusal | undefined): void => {
    if (refusal === undefined) {
      if (!this.#byPlace.delete(place)) return;
    } else if (this.#byPlace.has(place) || this.#byPlace.size < refusalsMax) {
      this.#byPlace.set(place, refusal);
    }
    const detail = [...this.#byPlace.values()].map(({ message }) => message).join('; ');
    const message = 'a name leads to an address that is not public, and that dial.allow does not have';
    this.#report(
      'dialling',
      this.#byPlace.size === 0 ? undefined : { code: 'address_not_allowed', message, detail },
    );
  };
}
