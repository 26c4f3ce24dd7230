// What a deployment serves.
import type { SourceTree } from '@cardea/bundles';
import type { Guardrails } from '@cardea/bundles/open';

export interface Workload {
  readonly organisation: string;
  readonly sources: SourceTree;
  readonly guardrails: Guardrails;
  /** Whose calls are asked about. */
  readonly servers: readonly string[];
  /** Its tests publish it with all checks; here they need not be made again. */
  readonly isValidated: boolean;
}
