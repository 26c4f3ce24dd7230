// Calls into the engine: which policies of a slice were satisfied and which erred. The only place that writes an
// authorization call and reads its answer.
import type { CedarEntity, CedarRecord, EntityUid } from '@cardea/schemas/cedar';
import type { EntityUse } from '../policy/entityUse.ts';
import { compareText } from '../policy/compareText.ts';
import type { PolicyName } from '../policy/compilePolicy.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { memberOfName, type PreparsedSets } from '../policy/preparsedSets.ts';
import type { Slice } from '../policy/slice.ts';
import { writeCedar, writeEntity, writeUid } from '../request/writeCedar.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';

export interface Evaluation {
  readonly allowed: boolean;
  /** The policies that determined the decision: permits of an allow, forbids of a deny. Sorted by id. */
  readonly determining: readonly PolicyName[];
  /** Those that failed. Sorted by id. */
  readonly errored: readonly PolicyName[];
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
      readonly reason: readonly string[];
      readonly errors: readonly { readonly policyId: string }[];
    };
  };
}

/** A request as the engine reads it, without the policies: written once, evaluated against as many sets as needed. */
export function writeRequest(request: PreparedRequest): string {
  return writeCall(request, (name) => writeUid(request[name]));
}

/** The same with no more than conditions can see: nobody stands in for who is not asked about. */
export function writeReadRequest(request: PreparedRequest, { variables }: EntityUse): string {
  return writeCall(request, (name) => (variables.has(name) ? writeUid(request[name]) : nobody));
}

const nobody = writeUid({ type: 'Unread', id: '' });

function writeCall(
  { context, entities }: PreparedRequest,
  uidOf: (name: 'principal' | 'action' | 'resource') => string,
): string {
  return (
    `"principal":${uidOf('principal')},"action":${uidOf('action')},"resource":${uidOf('resource')},` +
    `"context":${writeCedar(context)},"entities":[${entities.map(writeEntity).join(',')}]`
  );
}

/** The first pass over all candidates. Throws EngineFault when the engine throws or refuses the request. */
export function evaluateSlice(
  host: CedarHost,
  preparsed: PreparsedSets,
  slice: Slice,
  written: string,
): Evaluation {
  const screened = evaluateSet(host, preparsed, slice.screenedSet, written);
  return screened ?? (evaluateSet(host, preparsed, slice.forbidSet, written) as Evaluation);
}

/** Undefined where a screen fired. Throws EngineFault when the engine throws or refuses the request. */
export function evaluateSet(
  host: CedarHost,
  preparsed: PreparsedSets,
  set: PolicySet,
  written: string,
): Evaluation | undefined {
  const call = `{"preparsedPolicySetId":"${preparsed.nameOf(set)}",${written}}`;
  const answer = JSON.parse(host.call('statefulIsAuthorized', call)) as AuthorizationAnswer;
  if (answer.type !== 'success') throw new EngineFault(new Error('the engine refused a checked request'));
  const { decision, diagnostics } = answer.response;
  const determining = policiesOf(set, diagnostics.reason);
  const errored = policiesOf(
    set,
    diagnostics.errors.map((error) => error.policyId),
  );
  if (determining === undefined || errored === undefined) return undefined;
  return { allowed: decision === 'allow', determining, errored };
}

/** Sorted, since the engine returns them in random order; undefined where a screen is among them. */
function policiesOf({ members }: PolicySet, names: readonly string[]): PolicyName[] | undefined {
  const policies = names.map((name) => members[memberOfName(name)]);
  if (policies.includes(undefined)) return undefined;
  return (policies as PolicyName[]).sort((left, right) => compareText(left.id, right.id));
}
