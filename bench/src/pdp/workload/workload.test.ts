// Peers are only comparable where they answer the same: every contender, every request, every kind of verdict.
import { describe, expect, it } from '@jest/globals';
import { buildBundle, loadInstalledEngine } from '@cardea/bundles';
import { contenders } from '../stages/peers.ts';
import { listRules, unconditionalCount } from './policies.ts';
import { isAllowed, listHotRequests, listSpreadRequests } from './requests.ts';
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
    const requests = [...listHotRequests(count), ...listSpreadRequests(count, 100)];
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
