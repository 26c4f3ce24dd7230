// The same project behind our decision service: sliced, pruned, and ruled on with holds. It exists only for projects
// whose every policy the service would take.
import {
  Engine,
  type CedarHost,
  type CompiledPolicy,
  type PolicyProblem,
  type Verdict,
} from '@cardea/engine';
import { contextFamilies } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { fillTemplate } from '../project/templateLinks.ts';
import type { Project } from './fullSet.ts';
import type { PolicyTest } from './policyTest.ts';
import { SchemaTypes } from './schemaTypes.ts';
import { Incomparable, ValueReader } from './typedValue.ts';

export type ServiceAnswer = Verdict | { readonly kind: 'incomparable'; readonly reason: string };

export class ServiceVerdicts {
  readonly policies: ReadonlyMap<string, CompiledPolicy>;
  readonly #engine: Engine;
  readonly #reader: ValueReader;

  /** The policy that the service would not take, if there is one. */
  static open(
    module: WebAssembly.Module,
    host: CedarHost,
    project: Project,
  ): ServiceVerdicts | { readonly refused: string; readonly problem: PolicyProblem | undefined } {
    const linked = project.links.map((link) => fillTemplate(host, link));
    const all = [...project.policies.filter(({ kind }) => kind === 'static'), ...linked];
    const refused = all.find(({ compiled }) => compiled === undefined);
    if (refused !== undefined) return { refused: refused.id, problem: refused.refusals.at(-1) };
    const policies = all.flatMap(({ compiled }) => compiled ?? []);
    const types = project.schema === undefined ? undefined : new SchemaTypes(host, project.schema);
    const entities = types?.actionEntities() ?? [];
    const engine = new Engine({ module, policies, entities, families: contextFamilies });
    return new ServiceVerdicts(policies, engine, new ValueReader(types));
  }

  private constructor(policies: readonly CompiledPolicy[], engine: Engine, reader: ValueReader) {
    this.policies = new Map(policies.map((policy) => [policy.id, policy]));
    this.#engine = engine;
    this.#reader = reader;
  }

  /** The verdict with nothing approved and every fact at hand: what Cedar's full set can be compared with. */
  decidePlainly(test: PolicyTest): ServiceAnswer {
    return this.#decide(test, [], contextFamilies);
  }

  /** The verdict under the approvals and the facts that the test names. */
  decide(test: PolicyTest): ServiceAnswer {
    return this.#decide(test, test.approved, test.supplied ?? contextFamilies);
  }

  #decide(test: PolicyTest, approved: readonly string[], supplied: readonly string[]): ServiceAnswer {
    const { principal, action, resource } = test;
    try {
      const context = this.#reader.readContext(test.context, action);
      const entities = this.#reader.readEntities(test.entities);
      return this.#engine.decide({ principal, action, resource, entities, context, approved, supplied });
    } catch (error) {
      if (error instanceof Incomparable || error instanceof Refusal)
        return { kind: 'incomparable', reason: error.message };
      throw error;
    }
  }
}
