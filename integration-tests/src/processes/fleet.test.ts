// Two proxies and two decision services on one Redis, each a process: quotas hold exactly over both proxies, and whichever
// process is killed, nobody is answered wrongly, no call runs twice, and no quota is exceeded.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithRedis } from '../../../pep/test/redisServer.ts';
import { waitFor } from './cardeaProcess.ts';
import { CountedDesk, most, type Called } from './countedDesk.ts';

const lanes = 64;
const turnsEach = 9;
const roundsMax = 10;

/** What may be said while something is away. */
const faults = ['decision_unavailable', 'stale_authority', 'overloaded', 'absent', 'broken'];

/** What may be said of each kind of call beside them. */
const answers: Readonly<Record<Called['kind'], readonly string[]>> = {
  count: ['passed', 'forbidden', 'facts_required'],
  refused: ['forbidden', 'facts_required'],
  brief: ['passed', 'forbidden', 'facts_required'],
  look: ['passed'],
};

let desk: CountedDesk;

describeWithRedis('a fleet on one Redis', () => {
  beforeAll(async () => {
    desk = await CountedDesk.start();
  }, 120_000);

  afterAll(() => desk.stop());

  it('lets exactly so many calls pass, however many call at once and however many are denied', async () => {
    let unheard = Infinity;
    for (let round = 0; unheard > 0 && round < roundsMax; round += 1) {
      const people = [desk.nextPerson(), desk.nextPerson(), desk.nextPerson()];
      const from = desk.calls.length;
      await Promise.all(Array.from({ length: lanes }, (_, lane) => callInTurns(lane, people)));
      const ran = await exhaust(people);
      const calls = desk.calls.slice(from);
      expect(findWrong(calls)).toEqual([]);
      // On a machine that is busy Redis may be too late to say what it has counted: that stays counted.
      unheard = countWith(calls, 'facts_required');
      for (const times of ran) expect(times).toBeLessThanOrEqual(most);
      for (const times of ran) expect(times).toBeGreaterThanOrEqual(most - unheard);
    }
    expect(unheard).toBe(0);
  }, 60_000);

  it('answers nobody wrongly while proxies and decision services are killed and started again', async () => {
    const calls = await desk.keepCalling(lanes, async () => {
      await desk.fleet.restartProxy(0);
      await desk.fleet.restartDecision(1);
      await desk.fleet.restartProxy(1);
      await desk.fleet.restartDecision(0);
    });
    await desk.recover();
    expect(findWrong(calls)).toEqual([]);
    expect(countWith(calls, 'passed')).toBeGreaterThan(most);
    const people = [...new Set(calls.map(({ person }) => person))];
    const ran = await exhaust(people);
    for (const [at, person] of people.entries()) {
      // What a proxy had under way when it was killed stays counted, as does what Redis was too late to say.
      const unheard = countWith(callsOf(person), 'broken', 'facts_required');
      expect(ran[at]).toBeLessThanOrEqual(most);
      expect(ran[at]).toBeGreaterThanOrEqual(most - unheard);
    }
    expect(countWith(calls, 'broken')).toBeLessThanOrEqual(2 * lanes);
  }, 60_000);

  it('denies what reads usage once Redis was killed, even by a proxy that begins after it', async () => {
    const stranger = desk.nextPerson();
    let killed = Infinity;
    await passes('brief', stranger);
    const calls = await desk.keepCalling(lanes, async () => {
      await desk.fleet.redis.kill();
      killed = desk.lastNumber;
      await desk.fleet.redis.run();
      await desk.recover();
      await isNotCounted('count', stranger);
      await isNotCounted('brief', stranger);
      await desk.fleet.restartProxy(0);
      await desk.recover();
    });
    await isNotCounted('count', stranger);
    // Of what was used in so short a time nothing is left by now.
    await passes('brief', stranger);
    await isNotCounted('count', stranger);
    expect(findWrong(calls)).toEqual([]);
    const later = calls.filter(({ number }) => number > killed);
    expect(later.filter(({ kind, answer }) => kind === 'count' && answer === 'passed')).toEqual([]);
    const looked = later.filter(({ kind }) => kind === 'look');
    expect(countWith(looked, 'passed')).toBeGreaterThan(lanes);
  }, 60_000);
});

/** Each lane begins with another of them, and a quarter of its calls is denied after it was counted. */
async function callInTurns(lane: number, people: readonly number[]): Promise<void> {
  for (let turn = lane; turn < lane + turnsEach; turn += 1) {
    const kind = turn % 4 === 0 ? 'refused' : 'count';
    await desk.call(lane, kind, people[turn % people.length] as number);
  }
}

/** How often `count` ran for each, once all places are taken. */
async function exhaust(people: readonly number[]): Promise<readonly number[]> {
  await Promise.all(people.map((person) => desk.takeTheRest(person)));
  const runs = desk.countRuns();
  return people.map((person) =>
    callsOf(person)
      .filter(({ kind }) => kind === 'count')
      .reduce((sum, { number }) => sum + (runs.get(number) ?? 0), 0),
  );
}

/** Whatever was answered or ran as it should not. */
function findWrong(calls: readonly Called[]): readonly object[] {
  const runs = desk.countRuns();
  return calls
    .map((called) => ({ ...called, ran: runs.get(called.number) ?? 0 }))
    .filter(({ kind, answer, ran }) => {
      if (![...answers[kind], ...faults].includes(answer)) return true;
      // Whether it ran nobody has heard; but once at most, and only if it was allowed.
      if (answer === 'broken') return ran > (kind === 'refused' ? 0 : 1);
      return ran !== (answer === 'passed' ? 1 : 0);
    });
}

async function isNotCounted(kind: Called['kind'], person: number): Promise<void> {
  for (const at of [0, 1]) {
    const { answer } = await desk.call(at, kind, person);
    expect([at, answer]).toEqual([at, 'facts_required']);
  }
}

/** In the end, through both. */
async function passes(kind: Called['kind'], person: number): Promise<void> {
  for (const at of [0, 1])
    await waitFor(async () => ((await desk.call(at, kind, person)).answer === 'passed' ? true : undefined));
}

function callsOf(person: number): readonly Called[] {
  return desk.calls.filter((called) => called.person === person);
}

function countWith(calls: readonly Called[], ...wanted: readonly string[]): number {
  return calls.filter(({ answer }) => wanted.includes(answer)).length;
}
