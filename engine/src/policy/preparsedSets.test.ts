import { describe, expect, it } from '@jest/globals';
import { cedarModule } from '../../test/oracle.ts';
import { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import { memberOfName, PreparsedSets } from './preparsedSets.ts';
import type { PolicySet } from './policySet.ts';

/** Remembers what it was told to keep, under which name. */
class WatchedHost extends CedarHost {
  readonly kept = new Map<string, string>();
  preparsed = 0;

  override preparsePolicySet(id: string, policies: string): string {
    this.kept.set(id, policies);
    this.preparsed += 1;
    return super.preparsePolicySet(id, policies);
  }

  get characters(): number {
    return [...this.kept.values()].reduce((sum, text) => sum + text.length, 0);
  }
}

const permit = (text: string): string => `permit (principal, action, resource) when { "${text}" == "" };`;
const makeSet = (text: string): PolicySet => ({
  members: [{ id: 'x', effect: 'permit' }],
  write: () => [permit(text)],
});

describe('PreparsedSets', () => {
  it('has the engine parse a set once, under a name of its own', () => {
    const host = new WatchedHost(cedarModule);
    const sets = new PreparsedSets(host);
    const [one, other] = [makeSet('a'), makeSet('b')];
    const names = [sets.nameOf(one), sets.nameOf(other), sets.nameOf(one)];
    expect(names[0]).toBe(names[2]);
    expect(names[0]).not.toBe(names[1]);
    expect(host.preparsed).toBe(2);
    expect(host.kept.get(names[0] ?? '')).toContain(JSON.stringify(permit('a')).slice(1, -1));
  });

  it('keeps so much text, whatever it is cut into, and what was used last', () => {
    const host = new WatchedHost(cedarModule);
    const sets = new PreparsedSets(host);
    const often = makeSet('often');
    const name = sets.nameOf(often);
    for (const characters of [50_000, 50, 5_000]) {
      for (let at = 0; at < 400; at += 1) {
        sets.nameOf(makeSet('x'.repeat(characters)));
        expect(sets.nameOf(often)).toBe(name);
      }
      expect(host.characters).toBeLessThan(600_000);
    }
    expect(host.kept.get(name)).toContain('often');
    expect(host.generation).toBe(1);
  });

  it('takes a set that is longer than all that it keeps', () => {
    const sets = new PreparsedSets(new WatchedHost(cedarModule));
    const long: PolicySet = {
      members: Array.from({ length: 20 }, (_, at) => ({ id: `x${at}`, effect: 'permit' })),
      write: () => Array<string>(20).fill(permit('x'.repeat(60_000))),
    };
    const name = sets.nameOf(long);
    expect(sets.nameOf(long)).toBe(name);
  });

  it('parses all of them anew for a new instance', () => {
    const host = new WatchedHost(cedarModule);
    const sets = new PreparsedSets(host);
    const set = makeSet('a');
    sets.nameOf(set);
    expect(() => host.call('statefulIsAuthorized', '{"context": }')).toThrow(EngineFault);
    sets.nameOf(set);
    expect(host.preparsed).toBe(2);
  });

  it('throws where a policy does not parse, and gives its name to none that is in use', () => {
    const host = new WatchedHost(cedarModule);
    const sets = new PreparsedSets(host);
    const large = Array.from({ length: 8 }, (_, at) => makeSet(`${at}`.repeat(60_000)));
    for (const set of large) sets.nameOf(set);
    // Takes the place of three: two names are free.
    sets.nameOf(makeSet('x'.repeat(180_000)));
    const broken: PolicySet = { members: [{ id: 'x', effect: 'permit' }], write: () => ['permit'] };
    expect(() => sets.nameOf(broken)).toThrow(EngineFault);
    const kept = [...large.slice(4), ...['a', 'b', 'c'].map(makeSet)];
    const names = kept.map((set) => sets.nameOf(set));
    expect(new Set(names).size).toBe(names.length);
    for (const [at, set] of kept.entries())
      expect(host.kept.get(names[at] ?? '')).toContain(JSON.stringify(set.write()[0]).slice(1, -1));
    expect(host.generation).toBe(1);
  });

  it('numbers the members of a set', () => {
    expect(['p0', 'p17'].map(memberOfName)).toEqual([0, 17]);
  });
});
