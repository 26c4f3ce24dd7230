// Runs wherever the engine runs: a few policies, a few requests, all verdicts as one text.
import { compilePolicy, Engine, inDisposableHost, type CompiledPolicy } from '@cardea/engine';
import type { CedarRecord } from '@cardea/schemas/cedar';
import { writeJson, type JsonValue } from '@cardea/schemas/json';

const policies = [
  '@id("small") permit (principal in Group::"support", action, resource) when { context.input.amount <= 10000 };',
  '@id("large") @hold("finance") @message("Two pairs of eyes.") forbid (principal, action, resource) when { context.input.amount > 5000 };',
  '@id("exact") forbid (principal, action, resource) when { context.input.amount == 9007199254740993 };',
];

const amounts: readonly CedarRecord[string][] = [1, 6000, 20000, 9007199254740993n, 'text'];

/** The verdicts as JSON; the same text in every runtime. */
export function decideAll(module: WebAssembly.Module): string {
  const compiled = inDisposableHost(module, (host) =>
    policies.map((text): CompiledPolicy => {
      const result = compilePolicy(host, { text, file: 'browser.cedar', start: 0 });
      if (result.kind === 'problem') throw new Error(result.problem.message);
      return result.policy;
    }),
  );
  const engine = new Engine({ module, policies: compiled, entities: [], families: [] });
  const principal = { type: 'Person', id: 'ann' };
  const verdicts = amounts.map((amount) =>
    engine.decide({
      principal,
      action: { type: 'Action', id: 'refund' },
      resource: { type: 'Tool', id: 'refund' },
      context: { input: { amount } },
      entities: [{ uid: principal, attrs: {}, parents: [{ type: 'Group', id: 'support' }] }],
      supplied: [],
      approved: [],
    }),
  );
  return writeJson(verdicts as unknown as JsonValue);
}
