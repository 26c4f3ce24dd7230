// One call into the engine: which policies of a slice were satisfied and which erred. The only place that writes an
// authorization call and reads its answer.
import type { CedarEntity, CedarRecord, EntityUid } from '@cardea/schemas/cedar';
import { compareText } from '../policy/policyIndex.ts';
import type { PreparsedSlices, Slice } from '../policy/slice.ts';
import { writeCedar, writeEntity, writeUid } from '../request/writeCedar.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';

export interface Evaluation {
  readonly allowed: boolean;
  /** Ids of the policies that determined the decision: permits of an allow, forbids of a deny. Sorted. */
  readonly determining: readonly string[];
  /** Ids of the policies that failed. Sorted. */
  readonly errored: readonly string[];
}

export interface PreparedRequest {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly context: CedarRecord;
  readonly entities: readonly CedarEntity[];
}

interface AuthorizationAnswer {
  readonly type: 'success' | 'failure';
  readonly response: {
    readonly decision: 'allow' | 'deny';
    readonly diagnostics: {
      readonly reason: string[];
      readonly errors: readonly { readonly policyId: string }[];
    };
  };
}

/** A request as the engine reads it, without the policies: written once, evaluated against as many sets as needed. */
export function writeRequest(request: PreparedRequest): string {
  return (
    `"principal":${writeUid(request.principal)},"action":${writeUid(request.action)},` +
    `"resource":${writeUid(request.resource)},"context":${writeCedar(request.context)},` +
    `"entities":[${request.entities.map(writeEntity).join(',')}]`
  );
}

/** Throws EngineFault when the engine throws or refuses the request. */
export function evaluate(
  host: CedarHost,
  slices: PreparsedSlices,
  slice: Slice,
  written: string,
): Evaluation {
  const call = `{"preparsedPolicySetId":"${slices.nameOf(slice)}",${written}}`;
  const answer = JSON.parse(host.call('statefulIsAuthorized', call)) as AuthorizationAnswer;
  if (answer.type !== 'success') throw new EngineFault(new Error('the engine refused a checked request'));
  const { decision, diagnostics } = answer.response;
  return {
    allowed: decision === 'allow',
    // The engine returns both lists in random order.
    determining: diagnostics.reason.sort(compareText),
    errored: diagnostics.errors.map((error) => error.policyId).sort(compareText),
  };
}
