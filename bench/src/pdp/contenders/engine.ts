// Our engine over the workload: policies compiled once, requests in the engine's own types.
import {
  compilePolicy,
  Engine,
  inDisposableHost,
  type CompiledPolicy,
  type DecisionRequest,
} from '@cardea/engine';
import { contextFamilies } from '@cardea/schemas/cedar';
import { listEntities } from '../workload/catalogs.ts';
import { writeCedar, type Rule } from '../workload/policies.ts';
import type { BenchRequest } from '../workload/requests.ts';

const compiled = new WeakMap<readonly Rule[], readonly CompiledPolicy[]>();

/** Once for each list of rules: 10,000 take a second. Throws where a rule of the workload is no policy. */
export function compileRules(rules: readonly Rule[], module: WebAssembly.Module): readonly CompiledPolicy[] {
  const known = compiled.get(rules) ?? compileAll(rules, module);
  compiled.set(rules, known);
  return known;
}

function compileAll(rules: readonly Rule[], module: WebAssembly.Module): CompiledPolicy[] {
  return inDisposableHost(module, (host) =>
    rules.map((rule) => {
      const result = compilePolicy(host, { text: writeCedar(rule), file: 'workload.cedar', start: 0 });
      if (result.kind === 'problem') throw new Error(`${rule.id}: ${result.problem.message}`);
      return result.policy;
    }),
  );
}

export function makeEngine(policies: readonly CompiledPolicy[], module: WebAssembly.Module): Engine {
  const engine = new Engine({ module, policies, entities: listEntities(), families: contextFamilies });
  engine.warm();
  return engine;
}

/** With every fact stated that the policies read. */
export function typeRequest({ person, groups, tool, amount, hour }: BenchRequest): DecisionRequest {
  const principal = { type: 'Person', id: person };
  return {
    principal,
    action: { type: 'Action', id: tool },
    resource: { type: 'Tool', id: tool },
    entities: [{ uid: principal, attrs: {}, parents: groups.map((id) => ({ type: 'Group', id })) }],
    context: { input: { amount }, usage: { hour } },
    supplied: ['usage'],
    approved: [],
  };
}
