// Identities by the tokens of one provider, with clocks that a test sets.
import type { IssuersConfig } from '../../../config/issuerConfig.ts';
import { readIssuers } from '../../../config/issuerConfig.ts';
import type { Problem } from '../../../health/problems.ts';
import type { Identity } from '../../identity.ts';
import { openIssuers, type OpenedIssuers } from '../openIssuers.ts';
import type { TokenFaultCode } from '../tokenFault.ts';
import { issuerName, nowSeconds, Provider } from './provider.ts';

/** Of pep.json. */
export function makeConfig(change: object = {}): IssuersConfig {
  const config = readIssuers({
    publicUrl: 'https://mcp.example.com',
    issuers: [{ issuer: issuerName, ...change }],
    decision: { url: 'http://127.0.0.1:1', tokenFile: 'token' },
    servers: ['desk', 'shop'].map((id) => ({ id, upstream: 'http://127.0.0.1:2/mcp' })),
  });
  if (config === undefined) throw new Error('there are issuers');
  return config;
}

export class TokenScene {
  readonly provider = new Provider();
  readonly faults: TokenFaultCode[] = [];
  readonly problems: (Problem | undefined)[] = [];
  nowMs = nowSeconds * 1_000;
  monotonicMs = 0;
  readonly opened: OpenedIssuers;

  constructor(change: object = {}) {
    this.opened = openIssuers(makeConfig(change), {
      fetchDocument: this.provider.fetch,
      now: () => this.nowMs,
      monotonic: () => this.monotonicMs,
      report: (_subject, problem) => this.problems.push(problem),
      onFault: (code) => this.faults.push(code),
    });
  }

  async find(token: string, server = 'desk'): Promise<Identity | undefined> {
    return this.opened.identities.find(token, server);
  }

  /** `taken`, or why not. */
  async judge(token: string, server = 'desk'): Promise<string> {
    const identity = await this.find(token, server);
    return identity === undefined ? (this.faults.at(-1) ?? 'no reason') : 'taken';
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.monotonicMs += ms;
  }
}
