// The right answer to a request: the same bundle, opened from the same archive, decided in this process without a
// service in between.
import { compileBundle, makeEngine } from '@cardea/bundles';
import { openBundle } from '@cardea/bundles/open';
import type { Engine, Verdict } from '@cardea/engine';
import { createMapping, type Mapping } from '@cardea/pdp/mapping';
import type { Digest } from '@cardea/schemas/digest';
import { parseStrictJson } from '@cardea/schemas/json';
import { evaluationSchema, readWire } from '@cardea/schemas/wire';
import { isDeepStrictEqual } from 'node:util';
import type { TestArchive } from '../../../pdp/test/testArchive.ts';
import type { WireAnswer } from './wire.ts';

const author = { class: 'author', name: 'oracle' } as const;

export class Oracle {
  readonly #bundle: Digest;
  readonly #engine: Engine;
  readonly #mapping: Mapping;

  private constructor(bundle: Digest, engine: Engine, mapping: Mapping) {
    this.#bundle = bundle;
    this.#engine = engine;
    this.#mapping = mapping;
  }

  static async open(archive: TestArchive, bundle: Digest): Promise<Oracle> {
    const compiled = await compileBundle(await openBundle(archive.archive, bundle, archive.trust));
    return new Oracle(bundle, makeEngine(compiled), createMapping(compiled));
  }

  /** What is wrong with the answer to this body, as a sentence; undefined when nothing is. */
  findFault(body: string, answers: readonly WireAnswer[]): string | undefined {
    const right = this.#decide(body);
    const [answer, ...more] = answers;
    if (answer?.status !== 200 || more.length > 0) return `wanted one answer, got ${JSON.stringify(answers)}`;
    const { decision, context } = JSON.parse(answer.body) as {
      decision: boolean;
      context: Record<string, unknown>;
    };
    const { verdict, code, reasons, bundle, dependsOn, needs, approvers } = context;
    const came = { decision, verdict, code, reasons, bundle, dependsOn, needs, approvers };
    if (isDeepStrictEqual(came, right)) return undefined;
    return `wanted ${JSON.stringify(right)}, got ${JSON.stringify(came)}`;
  }

  #decide(body: string): object {
    const evaluation = readWire(evaluationSchema, parseStrictJson(body));
    const mapped = this.#mapping.mapEvaluation(evaluation, author);
    if (mapped.kind === 'unknown') throw new Error('good requests are about tools that are there');
    const verdict = this.#engine.decide(mapped.request);
    return {
      decision: verdict.kind === 'allow',
      verdict: verdict.kind,
      code: codeOf(verdict),
      reasons: verdict.kind === 'needs' ? [] : (JSON.parse(JSON.stringify(verdict.reasons)) as unknown),
      bundle: this.#bundle,
      dependsOn: verdict.dependsOn,
      needs: verdict.kind === 'needs' ? verdict.families : undefined,
      approvers: verdict.kind === 'hold' ? verdict.approvers : undefined,
    };
  }
}

function codeOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'allow':
      return 'allowed';
    case 'deny':
      return verdict.code;
    case 'hold':
      return 'held';
    case 'needs':
      return 'facts_needed';
  }
}
