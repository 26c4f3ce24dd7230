// All planted mistakes. A law that no mistake can break proves nothing.
import { decisionMutants } from './decisionMutants.ts';
import { dialMutants } from './dialMutants.ts';
import { identityMutants } from './identityMutants.ts';
import type { Mutant } from './mutant.ts';
import { policyMutants } from './policyMutants.ts';
import { proxyMutants } from './proxyMutants.ts';
import { relayMutants } from './relayMutants.ts';
import { requestMutants } from './requestMutants.ts';
import { resolveMutants } from './resolveMutants.ts';
import { sessionMutants } from './sessionMutants.ts';
import { verdictMutants } from './verdictMutants.ts';

export const mutants: readonly Mutant[] = [
  ...requestMutants,
  ...policyMutants,
  ...verdictMutants,
  ...decisionMutants,
  ...proxyMutants,
  ...relayMutants,
  ...identityMutants,
  ...resolveMutants,
  ...sessionMutants,
  ...dialMutants,
];
