// All planted mistakes. A law that no mistake can break proves nothing.
import type { Mutant } from './mutant.ts';
import { policyMutants } from './policyMutants.ts';
import { requestMutants } from './requestMutants.ts';
import { verdictMutants } from './verdictMutants.ts';

export const mutants: readonly Mutant[] = [...requestMutants, ...policyMutants, ...verdictMutants];
