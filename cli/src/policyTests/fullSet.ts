// Cedar's own answer: every policy of the project evaluated at once, as the cedar command does. What our decision
// service answers from a slice is measured against this.
import { EngineFault, type CedarHost } from '@cardea/engine';
import { entityKey, type CedarEntity, type EntityUid } from '@cardea/schemas/cedar';
import { isJsonObject, writeJson, type JsonValue } from '@cardea/schemas/json';
import type { CedarError } from '../project/cedarErrors.ts';
import type { ProjectPolicy } from '../project/policyProject.ts';
import { writePolicySet } from '../project/policySet.ts';
import type { Schema } from '../project/schema.ts';
import type { TemplateLink } from '../project/templateLinks.ts';
import type { PolicyTest } from './policyTest.ts';

export interface Judgement {
  readonly kind: 'judged';
  readonly decision: 'allow' | 'deny';
  /** Ids, sorted: the permits of an allow, the forbids of a deny. */
  readonly determining: readonly string[];
  /** Sorted by id. */
  readonly errors: readonly { readonly policyId: string; readonly error: CedarError }[];
}

/** Cedar could not make a request of it: values without a type, a request that the schema does not allow. */
export interface Refused {
  readonly kind: 'refused';
  readonly errors: readonly CedarError[];
}

interface Answer {
  readonly type: 'success' | 'failure';
  readonly errors: readonly CedarError[];
  readonly response: {
    readonly decision: 'allow' | 'deny';
    readonly diagnostics: {
      readonly reason: string[];
      readonly errors: { policyId: string; error: CedarError }[];
    };
  };
}

export interface Project {
  readonly policies: readonly ProjectPolicy[];
  readonly links: readonly TemplateLink[];
  readonly schema?: Schema;
  /** What the project knows itself; of one that a test states too, the test's counts. Written with every test. */
  readonly entities?: readonly CedarEntity[];
}

export class FullSet {
  readonly #host: CedarHost;
  readonly #project: Project;
  /** The project's entities by key, as JSON. */
  readonly #known: ReadonlyMap<string, string>;
  #generation = 0;

  constructor(host: CedarHost, project: Project) {
    this.#host = host;
    this.#project = project;
    this.#known = new Map(
      (project.entities ?? []).map((entity) => [
        entityKey(entity.uid),
        writeJson(entity as unknown as JsonValue),
      ]),
    );
  }

  judge(test: PolicyTest): Judgement | Refused {
    return this.#ask('all', test);
  }

  /** The permits alone: which are satisfied behind a forbid that decides. */
  judgePermits(test: PolicyTest): Judgement | Refused {
    return this.#ask('permits', test);
  }

  #ask(set: 'all' | 'permits', test: PolicyTest): Judgement | Refused {
    try {
      this.#preparse();
      const answer = JSON.parse(
        this.#host.call('statefulIsAuthorized', this.#writeCall(set, test)),
      ) as Answer;
      if (answer.type === 'failure') return { kind: 'refused', errors: answer.errors };
      const { decision, diagnostics } = answer.response;
      // Cedar lists both in random order.
      const errors = diagnostics.errors.sort((left, right) => (left.policyId < right.policyId ? -1 : 1));
      return { kind: 'judged', decision, determining: diagnostics.reason.sort(), errors };
    } catch (fault) {
      if (!(fault instanceof EngineFault)) throw fault;
      const help = 'a condition or a value nests too deeply for it';
      return { kind: 'refused', errors: [{ message: 'the engine failed on this request', help }] };
    }
  }

  #writeCall(set: string, { principal, action, resource, context, entities }: PolicyTest): string {
    const uids = { principal, action, resource } as unknown as JsonValue;
    const schema =
      this.#project.schema === undefined ? '' : ',"preparsedSchemaName":"project","validateRequest":true';
    return (
      `${writeJson(uids).slice(0, -1)},"context":${writeJson(context)},"entities":${this.#writeEntities(entities)},` +
      `"preparsedPolicySetId":"${set}"${schema}}`
    );
  }

  #writeEntities(stated: JsonValue): string {
    if (this.#known.size === 0 || !Array.isArray(stated)) return writeJson(stated);
    const own = stated as readonly JsonValue[];
    const keys = new Set(own.map(keyOf));
    const others = [...this.#known].flatMap(([key, json]) => (keys.has(key) ? [] : [json]));
    return `[${[...own.map((entity) => writeJson(entity)), ...others].join(',')}]`;
  }

  /** An instance that was replaced has forgotten everything. */
  #preparse(): void {
    if (this.#generation === this.#host.generation) return;
    const { policies, links, schema } = this.#project;
    const permits = policies.filter(({ effect }) => effect === 'permit');
    const permitLinks = links.filter(({ template }) => template.effect === 'permit');
    requireSuccess(this.#host.preparsePolicySet('all', writePolicySet(policies, links)));
    requireSuccess(this.#host.preparsePolicySet('permits', writePolicySet(permits, permitLinks)));
    if (schema !== undefined) requireSuccess(this.#host.preparseSchema('project', schema.json));
    this.#generation = this.#host.generation;
  }
}

/** Undefined for what is no entity: Cedar says so in its own words. */
function keyOf(entity: JsonValue): string | undefined {
  const uid = isJsonObject(entity) ? entity['uid'] : undefined;
  const named = isJsonObject(uid) && isJsonObject(uid['__entity']) ? uid['__entity'] : uid;
  if (!isJsonObject(named) || typeof named['type'] !== 'string' || typeof named['id'] !== 'string')
    return undefined;
  return entityKey(named as unknown as EntityUid);
}

function requireSuccess(answer: string): void {
  if (!answer.startsWith('{"type":"success"'))
    throw new Error(`what parsed alone does not parse together: ${answer}`);
}
