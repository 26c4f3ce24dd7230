import { describe, expect, it } from '@jest/globals';
import type { Judge } from '../decision/judge.ts';
import { allocateHeartbeats, Heartbeat } from '../worker/heartbeat.ts';
import { Watchdog } from './watchdog.ts';

function setUp(): { clock: { now: number }; heartbeat: Heartbeat; watchdog: Watchdog } {
  const clock = { now: 0 };
  return {
    clock,
    heartbeat: new Heartbeat(allocateHeartbeats(2), 1),
    watchdog: new Watchdog(100, () => clock.now),
  };
}

/** A judge in whose calls `during` runs. */
function judgeThat(during: () => void): Judge {
  return { decide: during, dependsOn: during, isVisible: during } as unknown as Judge;
}

describe('Watchdog', () => {
  it('finds a worker that is inside one call for longer than it may', () => {
    const { clock, heartbeat, watchdog } = setUp();
    const looks: boolean[] = [];
    const judge = heartbeat.watch(
      judgeThat(() => {
        for (clock.now = 0; clock.now <= 150; clock.now += 50) looks.push(watchdog.isStuck(heartbeat));
      }),
    );
    judge.decide(undefined as never);
    expect(looks).toEqual([false, false, false, true]);
  });

  it('leaves one alone that makes many calls, or none', () => {
    const { clock, heartbeat, watchdog } = setUp();
    const looks: boolean[] = [];
    const judge = heartbeat.watch(judgeThat(() => looks.push(watchdog.isStuck(heartbeat))));
    for (clock.now = 0; clock.now <= 500; clock.now += 50) judge.isVisible(undefined as never, []);
    for (; clock.now <= 1_000; clock.now += 50) looks.push(watchdog.isStuck(heartbeat));
    expect(looks).not.toContain(true);
  });

  it('leaves one alone that explains for long, policy by policy', () => {
    const { clock, heartbeat, watchdog } = setUp();
    const looks: boolean[] = [];
    function* explainSteps(): Generator<number, void> {
      for (clock.now = 0; clock.now <= 500; clock.now += 50) {
        looks.push(watchdog.isStuck(heartbeat));
        yield clock.now;
      }
    }
    const judge = heartbeat.watch({ explainSteps } as unknown as Judge);
    expect([...judge.explainSteps(undefined as never)]).toHaveLength(11);
    expect(looks).not.toContain(true);
    expect(heartbeat.read() % 2).toBe(0);
  });

  it('sees a call end that throws', () => {
    const { heartbeat } = setUp();
    const judge = heartbeat.watch(
      judgeThat(() => {
        throw new Error('fault');
      }),
    );
    expect(() => judge.dependsOn(undefined as never)).toThrow('fault');
    expect(heartbeat.read() % 2).toBe(0);
  });
});
