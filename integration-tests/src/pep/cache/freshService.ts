// The decision service without what is around it: the same engine, mapping and expiry, called in this process, for each
// of many bundles, by a clock that the test sets.
import { compileBundle, makeEngine } from '@cardea/bundles';
import { openBundle } from '@cardea/bundles/open';
import { createMapping } from '@cardea/pdp/mapping';
import type { Digest } from '@cardea/schemas/digest';
import { parseStrictJson, type JsonValue } from '@cardea/schemas/json';
import { evaluationSchema, readWire, type WireDecision } from '@cardea/schemas/wire';
import type { Caller } from '../../../../pdp/src/callers/caller.ts';
import { createDecider } from '../../../../pdp/src/decision/decider.ts';
import type { Serving } from '../../../../pdp/src/serving/serving.ts';
import type { TestArchive } from '../../../../pdp/test/testArchive.ts';

const proxy: Caller = { class: 'proxy', name: 'proxy', servers: new Set(['desk']) };

export class FreshService {
  /** The bundle that it serves. */
  bundle = '';
  /** Wall clock, in milliseconds: not that of the proxy. */
  nowMs = 0;
  asked = 0;
  readonly #servings = new Map<string, Serving>();
  readonly #decide = createDecider({
    now: () => this.nowMs,
    newId: () => `d-${(this.asked += 1)}`,
    standingOf: () => 'current',
    pathsReadMax: 1_024,
  });

  async add(archive: TestArchive, digest: Digest): Promise<void> {
    const compiled = await compileBundle(await openBundle(archive.archive, digest, archive.trust));
    const engine = makeEngine(compiled);
    const mapping = createMapping(compiled);
    const summary = {} as Serving['summary'];
    this.#servings.set(digest, { bundle: digest, summary, engine, judge: engine, mapping });
  }

  get bundles(): readonly string[] {
    return [...this.#servings.keys()];
  }

  answer(body: string): WireDecision {
    const serving = this.#servings.get(this.bundle);
    if (serving === undefined) throw new Error('the bundle is none of those added');
    return this.#decide(readWire(evaluationSchema, parseStrictJson(body)), proxy, serving);
  }

  /** As `DecisionClient` does it. */
  readonly ask = (_path: string, body: string): Promise<JsonValue> =>
    Promise.resolve(parseStrictJson(JSON.stringify(this.answer(body))));
}
