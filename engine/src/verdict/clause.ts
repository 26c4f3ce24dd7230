// One clause of a policy, between Cedar's JSON form and its text. Integers stay as exact as the engine gave them.
import { writeJson, type JsonValue } from '@cardea/schemas/json';
import type { Expr } from '../policy/policyJson.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';

export interface Clause {
  readonly kind: 'when' | 'unless';
  readonly body: Expr;
}

/** `a && b && c` as three expressions, in order. */
export function splitConjunction(body: Expr): Expr[] {
  const conjunction = body['&&'] as { left: Expr; right: Expr } | undefined;
  if (conjunction === undefined) return [body];
  return [...splitConjunction(conjunction.left), ...splitConjunction(conjunction.right)];
}

/** A policy of this one clause, in JSON. */
export function writeClause({ kind, body }: Clause): string {
  const any = { op: 'All' };
  const policy = {
    effect: 'permit',
    principal: any,
    action: any,
    resource: any,
    conditions: [{ kind, body }],
  };
  return writeJson(policy as unknown as JsonValue);
}

/** As an author would write it, without the braces. Throws EngineFault when the engine throws. */
export function showClause(host: CedarHost, clause: Clause): string {
  const { text } = JSON.parse(host.call('policyToText', writeClause(clause))) as { text?: string };
  const inner = new RegExp(`\\b${clause.kind}\\s*\\{([^]*)\\}\\s*;\\s*$`).exec(text ?? '');
  return (inner?.[1] ?? '').trim();
}
