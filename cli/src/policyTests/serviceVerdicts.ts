// The same project behind our decision service: sliced, pruned, and ruled on with holds. It exists only for projects
// whose every policy the service would take.
import { ExplicitReader, FieldFault, readEntities, SchemaTypes } from '@cardea/bundles';
import {
  Engine,
  type CedarHost,
  type CompiledPolicy,
  type PolicyProblem,
  type Verdict,
} from '@cardea/engine';
import { contextFamilies, type CedarRecord } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { fillTemplate } from '../project/templateLinks.ts';
import type { Project } from './fullSet.ts';
import type { PolicyTest } from './policyTest.ts';

export type ServiceAnswer = Verdict | { readonly kind: 'incomparable'; readonly reason: string };

/** A policy that the service would not take, and why. */
export interface ServiceRefusal {
  readonly policy: string;
  readonly problem: PolicyProblem | undefined;
}

export class ServiceVerdicts {
  readonly policies: ReadonlyMap<string, CompiledPolicy>;
  readonly #engine: Engine;
  readonly #types: SchemaTypes;
  readonly #reader: ExplicitReader;

  static open(
    module: WebAssembly.Module,
    host: CedarHost,
    project: Project,
  ): ServiceVerdicts | ServiceRefusal {
    const linked = project.links.map((link) => fillTemplate(host, link));
    const all = [...project.policies.filter(({ kind }) => kind === 'static'), ...linked];
    const refused = all.find(({ compiled }) => compiled === undefined);
    if (refused !== undefined) return { policy: refused.id, problem: refused.refusals.at(-1) };
    const policies = all.flatMap(({ compiled }) => compiled ?? []);
    // Without a schema no name means anything: the types of the empty one.
    const types = new SchemaTypes(host, project.schema?.json ?? '""');
    const entities = types.actionEntities();
    const engine = new Engine({ module, policies, entities, families: contextFamilies });
    return new ServiceVerdicts(policies, engine, types);
  }

  /** `types` are those of requests; `engine` decides by `policies`. */
  constructor(policies: readonly CompiledPolicy[], engine: Engine, types: SchemaTypes) {
    this.policies = new Map(policies.map((policy) => [policy.id, policy]));
    this.#engine = engine;
    this.#types = types;
    this.#reader = new ExplicitReader(types);
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
      const context = this.#reader.read(test.context, this.#types.contextOf(action), '/request/context');
      const entities = readEntities(test.entities, this.#reader.readRecord);
      // Cedar has taken the context, so it is a record.
      const request = { principal, action, resource, entities, context: context as CedarRecord };
      return this.#engine.decide({ ...request, approved, supplied });
    } catch (error) {
      // What Cedar takes and our wire has no form for: extension values of several arguments.
      if (error instanceof FieldFault || error instanceof Refusal) {
        return { kind: 'incomparable', reason: error.message };
      }
      throw error;
    }
  }
}
