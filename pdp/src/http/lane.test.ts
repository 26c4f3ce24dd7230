import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Lane } from './lane.ts';

/** A lane whose time passes only while something works. */
function makeLane(): { lane: Lane; work: (name: string, ms: number) => Promise<void>; done: string[] } {
  let now = 0;
  const lane = new Lane(() => now);
  const done: string[] = [];
  const work = (name: string, ms: number): Promise<void> =>
    lane.work(() => {
      now += ms;
      done.push(name);
    });
  return { lane, work, done };
}

describe('Lane', () => {
  it('works for a moment in each turn of the event loop, whoever has work for it', async () => {
    const { work, done } = makeLane();
    const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => work(name, 1)));
    await Promise.resolve().then(() => undefined);
    const counts = [done.length];
    for (let round = 0; round < 4; round += 1) {
      await turn();
      counts.push(done.length);
    }
    await all;
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const [index, count] of counts.slice(1).entries())
      expect(count - (counts[index] ?? 0)).toBeLessThanOrEqual(2);
  });

  it('rests after a long piece for as long as it took', async () => {
    const { work } = makeLane();
    await work('long', 60);
    const begun = performance.now();
    await work('next', 0);
    expect(performance.now() - begun).toBeGreaterThan(50);
  });

  it('lets tasks take turns where each piece fills the moment', async () => {
    const { work, done } = makeLane();
    const task = async (name: string): Promise<void> => {
      for (let piece = 0; piece < 3; piece += 1) await work(name, 2);
    };
    await Promise.all([task('a'), task('b')]);
    expect(done.join('')).toBe('ababab');
  });

  it('goes on after a piece that throws, which counts all the same', async () => {
    const { lane, work } = makeLane();
    const failing = lane.work(() => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await work('next', 0);
  });

  it('ends a task of many pieces when its time is up', async () => {
    const { lane, work } = makeLane();
    const pace = lane.paceFor(10);
    expect(await pace.work(() => 'in time')).toBe('in time');
    await work('another', 20);
    await expect(pace.work(() => 'late')).rejects.toMatchObject({ code: 'timed_out' });
  });
});
