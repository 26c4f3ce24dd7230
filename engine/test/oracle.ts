// The naive truth that the engine is compared with: every policy alone, over every entity and the whole context,
// through the engine's stateless call; and the rule of verdicts written a second time, from its text.
import { readFileSync } from 'node:fs';
import type { CedarEntity } from '@cardea/schemas/cedar';
import { CedarHost, compilePolicy, type CompiledPolicy } from '../src/index.ts';
import { writeRequest } from '../src/verdict/evaluate.ts';
import type { WorldRequest } from './world.ts';

const wasmUrl = new URL('cedar_wasm_bg.wasm', import.meta.resolve('@cedar-policy/cedar-wasm'));

export const cedarModule = new WebAssembly.Module(readFileSync(wasmUrl));

export type Outcome = 'satisfied' | 'errored' | 'neither';

export function compileAll(policies: readonly string[], host = new CedarHost(cedarModule)): CompiledPolicy[] {
  return policies.map((text) => {
    const result = compilePolicy(host, { text, file: 'test.cedar', start: 0 });
    if (result.kind === 'problem') throw new Error(`${result.problem.message} in ${text}`);
    return result.policy;
  });
}

interface Answer {
  readonly type: 'success' | 'failure';
  readonly response: { readonly diagnostics: { readonly reason: string[]; readonly errors: unknown[] } };
}

export function judgeAlone(
  host: CedarHost,
  text: string,
  request: WorldRequest,
  entities: readonly CedarEntity[],
): Outcome {
  const policies = JSON.stringify({ staticPolicies: { only: text } });
  const answer = JSON.parse(
    host.call('isAuthorized', `{"policies":${policies},${writeRequest({ ...request, entities })}}`),
  ) as Answer;
  if (answer.type === 'failure') throw new Error(`the oracle was refused: ${JSON.stringify(answer)}`);
  const { reason, errors } = answer.response.diagnostics;
  return errors.length > 0 ? 'errored' : reason.length > 0 ? 'satisfied' : 'neither';
}

/** allow | hold:<groups> | deny:<code>, straight from the text of the rule. */
export function ruleNaively(
  policies: readonly CompiledPolicy[],
  outcomes: readonly Outcome[],
  approved: readonly string[],
): string {
  const having = (effect: string, outcome: Outcome): CompiledPolicy[] =>
    policies.filter((policy, at) => policy.effect === effect && outcomes[at] === outcome);
  if (having('forbid', 'errored').length > 0) return 'deny:policy_error';
  const forbids = having('forbid', 'satisfied');
  const permitted = having('permit', 'satisfied').length > 0;
  if (forbids.length === 0) return permitted ? 'allow' : 'deny:default_deny';
  if (forbids.some((policy) => policy.hold === undefined)) return 'deny:forbidden';
  if (!permitted) return 'deny:default_deny';
  const open = forbids.filter((policy) => !approved.includes(policy.id));
  if (open.length === 0) return 'allow';
  return `hold:${[...new Set(open.map((policy) => policy.hold))].sort().join(',')}`;
}
