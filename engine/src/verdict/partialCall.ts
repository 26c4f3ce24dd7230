// Partial evaluation: the one call that leaves the context open. Cedar's own `decision` is ignored: it knows no holds.
import type { CedarRecord } from '@cardea/schemas/cedar';
import type { PolicyJson } from '../policy/policyJson.ts';
import { writeUnscoped } from '../policy/clauses.ts';
import type { Slice } from '../policy/slice.ts';
import { writeCedar, writeEntity, writeUid } from '../request/writeCedar.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';
import type { PreparedRequest } from './evaluate.ts';

export interface PartialAnswer {
  readonly type: 'residuals' | 'failure';
  readonly response: {
    readonly satisfied: readonly string[];
    readonly errored: readonly string[];
    /** Ids of the policies that some context satisfies and another does not, as far as the engine can tell. */
    readonly nontrivialResiduals: readonly string[];
    /** What is left of each policy, by id. Unknowns stand in it as calls of `unknown`. */
    readonly residuals: Readonly<Record<string, PolicyJson>>;
  };
}

/** The context of a call, as far as it is known before there is one. */
export interface PartialContext {
  readonly known: CedarRecord;
  readonly unknown: readonly string[];
}

/** A PartialAnswer as JSON: the caller knows whether integers in it matter. Throws EngineFault. */
export function callPartially(
  host: CedarHost,
  slice: Slice,
  request: Omit<PreparedRequest, 'context'>,
  { known, unknown }: PartialContext,
): string {
  const unknowns = unknown.map((key) => [key, { __extn: { fn: 'unknown', arg: key } }] as const);
  const context = { ...known, ...Object.fromEntries(unknowns) };
  const staticPolicies = Object.fromEntries(
    slice.readPolicies().map(({ id, effect, clauses }) => [id, writeUnscoped(effect, clauses)]),
  );
  return host.call(
    'isAuthorizedPartial',
    `{"principal":${writeUid(request.principal)},"action":${writeUid(request.action)},` +
      `"resource":${writeUid(request.resource)},"context":${writeCedar(context)},` +
      `"policies":${JSON.stringify({ staticPolicies })},"entities":[${request.entities.map(writeEntity).join(',')}]}`,
  );
}
