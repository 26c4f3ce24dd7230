// Peers are only comparable where they answer the same: every contender, every request, every kind of verdict.
import { describe, expect, it } from '@jest/globals';
import { buildBundle, loadInstalledEngine } from '@cardea/bundles';
import { cedarModule } from '../contenders/cedarModule.ts';
import { compileRules, makeEngine, typeRequest } from '../contenders/engine.ts';
import { contenders } from '../stages/peers.ts';
import { listRules, unconditionalCount } from './policies.ts';
import {
  isAllowed,
  listHotRequests,
  listSpreadRequests,
  listUnlikeRequests,
  unlikeCount,
  type BenchRequest,
} from './requests.ts';
import { makeSources, pinGuardrail } from './sources.ts';

const counts = [10, 100, 1_000];

describe('the workload', () => {
  it.each(counts)('has %d policies and the same unconditional ones', (count) => {
    const rules = listRules(count);
    expect(rules).toHaveLength(count + unconditionalCount);
    expect(rules.slice(count)).toEqual(listRules(0));
  });

  it.each(counts)('asks for every kind of verdict, in the same mix, with %d policies', (count) => {
    const requests = listHotRequests(count);
    const mix = requests.map(isAllowed);
    expect(mix).toEqual(listHotRequests(10).map(isAllowed));
    expect(new Set(mix)).toEqual(new Set([true, false]));
    expect(requests.some(({ hour }) => hour > 1_000)).toBe(true);
  });

  it.each(counts)('asks the same of the same policies, and never twice, with %d policies', (count) => {
    const requests = listUnlikeRequests(count);
    const hot = listHotRequests(count);
    const cellOf = ({ groups, tool }: BenchRequest): string => `${groups.join()} ${tool}`;
    for (const [at, request] of requests.entries()) {
      const like = hot[at % hot.length] as BenchRequest;
      expect(cellOf(request)).toBe(cellOf(like));
      expect(isAllowed(request)).toBe(isAllowed(like));
    }
    for (const name of ['amount', 'person'] as const)
      expect(new Set(requests.map((request) => request[name])).size).toBe(unlikeCount);
    expect(listUnlikeRequests(count, 2, 5)).toEqual(requests.slice(5, 7));
  });

  it('goes round so many that an engine has forgotten the first', () => {
    const engine = makeEngine(compileRules(listRules(10), cedarModule), cedarModule);
    const requests = listUnlikeRequests(10).map(typeRequest);
    const [first, second] = [1, 2].map(() => requests.map((request) => engine.decide(request)));
    const remembered = first?.filter((verdict, at) => verdict === second?.[at]);
    expect(remembered).toEqual([]);
  });

  it('spreads over every pair of team and tool', () => {
    const pairs = listSpreadRequests(1_000, 1_000).map(({ groups, tool }) => `${groups[0] ?? ''} ${tool}`);
    expect(new Set(pairs).size).toBe(500);
  });

  it('is a bundle that publishing accepts without a warning', async () => {
    const options = { engine: await loadInstalledEngine(), guardrails: pinGuardrail() };
    expect(await buildBundle(makeSources(40), options)).toMatchObject({ kind: 'built', warnings: [] });
  });
});

describe.each(contenders)('$name', (contender) => {
  it.each(counts)('gives the verdicts of the rules with %d policies', async (count) => {
    const requests = [
      ...listHotRequests(count),
      ...listUnlikeRequests(count, 100, 1_000),
      ...listSpreadRequests(count, 100),
    ];
    const { decide, close } = await contender.prepare(listRules(count), requests);
    const verdicts: boolean[] = [];
    for (const at of requests.keys()) verdicts.push(await decide(at));
    close();
    expect(verdicts).toEqual(requests.map(isAllowed));
  });

  it('denies who is in no team', async () => {
    const outsiders = listHotRequests(10).map((request) => ({ ...request, groups: ['staff'] }));
    const { decide, close } = await contender.prepare(listRules(10), outsiders);
    for (const at of outsiders.keys()) expect(await decide(at)).toBe(false);
    close();
  });
});
