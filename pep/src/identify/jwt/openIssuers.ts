// Identities by the tokens of the providers that are configured, with the keys of each.
import type { IssuersConfig } from '../../config/issuerConfig.ts';
import type { OnProblem } from '../../health/problems.ts';
import { IssuerKeys } from './issuerKeys.ts';
import { JwtIdentities } from './jwtIdentities.ts';
import { makeKeySource, type FetchDocument } from './keySource.ts';
import type { TokenFaultCode } from './tokenFault.ts';

export interface OpenIssuersOptions {
  readonly fetchDocument: FetchDocument;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  /** Cannot be set back; in milliseconds. */
  readonly monotonic: () => number;
  readonly report: OnProblem;
  readonly onFault: (code: TokenFaultCode) => void;
}

export interface OpenedIssuers {
  readonly identities: JwtIdentities;
  /** To be called at a regular pace, a second apart at most. Never waits. */
  readonly poll: () => void;
}

/** Looks for keys at the first poll, and not before. */
export function openIssuers({ issuers }: IssuersConfig, options: OpenIssuersOptions): OpenedIssuers {
  const { fetchDocument, now, monotonic, onFault } = options;
  const faults = new KeyFaults(options.report);
  const opened = issuers.map((config) => {
    const report = (fault: string | undefined): void => {
      faults.set(config.issuer, fault);
    };
    const onWithdrawn = (): void => {
      identities.announce();
    };
    const load = makeKeySource(config, fetchDocument);
    return { config, keys: new IssuerKeys({ load, monotonic, report, onWithdrawn }) };
  });
  const byName = new Map(opened.map((issuer) => [issuer.config.issuer, issuer]));
  const identities = new JwtIdentities({ issuers: byName, now, onFault });
  const poll = (): void => {
    for (const { keys } of opened) keys.poll();
    identities.poll();
  };
  return { identities, poll };
}

/** Of all providers one problem. */
class KeyFaults {
  readonly #report: OnProblem;
  readonly #faults = new Map<string, string>();

  constructor(report: OnProblem) {
    this.#report = report;
  }

  set(issuer: string, fault: string | undefined): void {
    if (fault === undefined) this.#faults.delete(issuer);
    else this.#faults.set(issuer, fault);
    const detail = [...this.#faults].map(([name, why]) => `${name}: ${why}`).join('; ');
    const message =
      'the keys of an identity provider cannot be had; those from before are in use for an hour';
    const problem = { code: 'issuer_keys_unreadable', message, detail };
    this.#report('issuers', this.#faults.size === 0 ? undefined : problem);
  }
}
