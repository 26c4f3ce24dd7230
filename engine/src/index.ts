export { Engine, type EngineOptions } from './engine.ts';
export {
  characterOffset,
  compilePolicy,
  type CompiledPolicy,
  type CompileResult,
} from './policy/compilePolicy.ts';
export { PolicyList, sortPolicies, type PolicyOutline, type PolicyStore } from './policy/policyStore.ts';
export { splitPolicies, type PolicySource } from './policy/policyText.ts';
export { type PolicyProblem } from './policy/policyProblem.ts';
export type { Explanation, PolicyExplanation, ClauseOutcome } from './verdict/explain.ts';
export type { PolicyForecast } from './verdict/forecast.ts';
export type { DecisionRequest, DenyCode, Reason, Tuple, Verdict } from './verdict/verdict.ts';
export { CedarHost, inDisposableHost } from './wasm/cedarHost.ts';
export { EngineFault } from './wasm/cedarInstance.ts';
