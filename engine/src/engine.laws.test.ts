// The promises of the engine as properties over random worlds. Each has a planted mistake in
// integration-tests/src/mutants that makes it fail.
import { describe, expect, it } from '@jest/globals';
import { isCedarRecord, projectPath, type CedarRecord, type CedarValue } from '@cardea/schemas/cedar';
import fc from 'fast-check';
import { cedarModule, compileAll, judgeAlone, ruleNaively, type Outcome } from '../test/oracle.ts';
import {
  contextArbitrary,
  requestArbitrary,
  worldArbitrary,
  type World,
  type WorldRequest,
} from '../test/world.ts';
import { Engine } from './engine.ts';
import type { CompiledPolicy } from './policy/compilePolicy.ts';
import { makePlainSet } from './policy/policySet.ts';
import { PolicyList } from './policy/policyStore.ts';
import { PreparsedSets } from './policy/preparsedSets.ts';
import { SliceCache } from './policy/sliceCache.ts';
import { EntityStore, RequestEntities } from './request/ancestry.ts';
import { closeEntities } from './request/entityClosure.ts';
import { pruneContext } from './request/readTree.ts';
import { evaluateSet, writeReadRequest, type Evaluation } from './verdict/evaluate.ts';
import type { Verdict } from './verdict/verdict.ts';
import { CedarHost } from './wasm/cedarHost.ts';

const seed = process.env['CARDEA_PROPERTY_SEED'];
/** With a seed the first counterexample is enough: whoever plants a mistake needs no smallest one. */
const runs = { numRuns: 400, ...(seed === undefined ? {} : { seed: Number(seed), endOnFailure: true }) };
const host = new CedarHost(cedarModule);

function engineOf(world: World, policies: readonly CompiledPolicy[]): Engine {
  return new Engine({ module: cedarModule, policies, entities: world.entities, families: [] });
}

function decide(engine: Engine, request: WorldRequest, approved: readonly string[] = []): Verdict {
  return engine.decide({ ...request, entities: [], supplied: [], approved });
}

function show(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'allow':
      return 'allow';
    case 'deny':
      return `deny:${verdict.code}`;
    case 'hold':
      return `hold:${verdict.approvers.join(',')}`;
    case 'needs':
      return 'needs';
  }
}

/** What each policy does when only its slice, the pruned context and the stripped entities reach the engine. */
function outcomesBySlice(
  world: World,
  policies: readonly CompiledPolicy[],
  request: WorldRequest,
): Outcome[] {
  const entities = new RequestEntities(new EntityStore(world.entities), []);
  const slice = new SliceCache(new PolicyList(policies)).sliceFor({
    ...request,
    ancestors: (key) => entities.ancestors(key),
    isLasting: (key) => entities.isLasting(key),
  });
  const pruned = pruneContext(request.context, slice.reads);
  if (pruned.kind !== 'pruned') throw new Error('the random contexts are all representable');
  const roots = [request.principal, request.action, request.resource, ...pruned.references];
  const closed = closeEntities(roots, slice.uses, entities);
  const written = writeReadRequest({ ...request, context: pruned.context, entities: closed }, slice.uses);
  const preparsed = new PreparsedSets(host);
  const candidates = new Set(slice.readPolicies().map(({ id }) => id));
  return policies.map((policy) => {
    if (!candidates.has(policy.id)) return 'neither';
    const { determining, errored } = evaluateSet(
      host,
      preparsed,
      makePlainSet(() => [policy]),
      written,
    ) as Evaluation;
    return errored.length > 0 ? 'errored' : determining.length > 0 ? 'satisfied' : 'neither';
  });
}

function outcomesInFull(world: World, request: WorldRequest): Outcome[] {
  return world.policies.map((text) => judgeAlone(host, text, request, world.entities));
}

describe('the engine', () => {
  it('finds for each policy what the full set finds: satisfied, errored or neither', () => {
    fc.assert(
      fc.property(worldArbitrary, requestArbitrary, (world, request) => {
        const policies = compileAll(world.policies, host);
        expect(outcomesBySlice(world, policies, request)).toEqual(outcomesInFull(world, request));
      }),
      runs,
    );
  });

  it('gives the verdict that the rule gives for the full set, whatever was approved', () => {
    fc.assert(
      fc.property(
        worldArbitrary,
        requestArbitrary,
        fc.subarray(['p0', 'p1', 'p2', 'p3']),
        (world, request, approved) => {
          const policies = compileAll(world.policies, host);
          const verdict = show(decide(engineOf(world, policies), request, approved));
          expect(verdict).toBe(ruleNaively(policies, outcomesInFull(world, request), approved));
        },
      ),
      runs,
    );
  });

  it('gives one verdict to all requests that agree on what it depends on', () => {
    fc.assert(
      fc.property(
        worldArbitrary,
        requestArbitrary,
        contextArbitrary,
        fc.infiniteStream(fc.nat(2)),
        (world, request, other, choices) => {
          const engine = engineOf(world, compileAll(world.policies, host));
          const context = mix(request.context, other, choices);
          const paths = engine.dependsOn({ ...request, entities: [] });
          const agree = paths.every((path) =>
            isSame(projectPath(request.context, path), projectPath(context, path)),
          );
          fc.pre(agree);
          expect(decide(engine, { ...request, context })).toEqual(decide(engine, request));
        },
      ),
      { ...runs, maxSkipsPerRun: 1_000 },
    );
  });

  it('hides nothing that any context would allow or hold', () => {
    fc.assert(
      fc.property(
        worldArbitrary,
        requestArbitrary,
        fc.array(contextArbitrary, { minLength: 8, maxLength: 8 }),
        fc.subarray(['input', 'usage', 'agent']),
        (world, request, contexts, shared) => {
          const engine = engineOf(world, compileAll(world.policies, host));
          const whole = { input: {}, usage: {}, agent: { __entity: { type: 'Agent', id: 'a0' } } };
          const first: CedarRecord = { ...whole, ...contexts[0] };
          const known = Object.fromEntries(shared.map((key) => [key, first[key] as CedarValue]));
          const visible = engine.isVisible({ ...request, entities: [] }, ['input', 'usage', 'agent'], known);
          const reached = contexts.map((context) =>
            show(decide(engine, { ...request, context: { ...whole, ...context, ...known } })),
          );
          if (!visible) expect(reached.filter((verdict) => !verdict.startsWith('deny'))).toEqual([]);
        },
      ),
      runs,
    );
  });

  it('answers a request twice with the same bytes', () => {
    fc.assert(
      fc.property(worldArbitrary, requestArbitrary, (world, request) => {
        const policies = compileAll(world.policies, host);
        const reversed = engineOf(
          { ...world, entities: [...world.entities].reverse() },
          [...policies].reverse(),
        );
        expect(JSON.stringify(decide(reversed, request))).toBe(
          JSON.stringify(decide(engineOf(world, policies), request)),
        );
      }),
      runs,
    );
  });
});

/** Takes each leaf from one of two contexts, so that pairs often agree where it matters and differ where not. */
function mix(left: CedarRecord, right: CedarRecord, choices: Iterator<number>): CedarRecord {
  const mixed: Record<string, CedarValue> = {};
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const [mine, yours] = [own(left, name), own(right, name)];
    const choice = choices.next().value as number;
    const taken =
      mine !== undefined && yours !== undefined && isCedarRecord(mine) && isCedarRecord(yours)
        ? mix(mine, yours, choices)
        : choice === 0
          ? yours
          : mine;
    if (taken !== undefined) mixed[name] = taken;
  }
  return mixed;
}

function own(record: CedarRecord, name: string): CedarValue | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isSame(left: unknown, right: unknown): boolean {
  const write = (value: unknown): string =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  return write(left) === write(right);
}
