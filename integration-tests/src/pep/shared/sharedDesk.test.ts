// What one proxy was told is known to the other, for as long as it holds and no longer: another bundle and a grant that is
// taken back are heard by both, whatever stands in Redis. Whichever process is killed, nobody is answered wrongly.
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithRedis } from '../../../../pep/test/redisServer.ts';
import { waitFor } from '../../processes/cardeaProcess.ts';
import { annGrant } from '../../processes/operator.ts';
import { SharedDesk } from './sharedDesk.ts';

const effectMsMax = 2_000;
const passed = '200 passed';
const forbidden = '200 forbidden -32001';

/** As the bundle stands when the test begins, nobody reads it. */
const closed = 'T-9';
const open = ['T-8', 'T-7', 'T-1'];

const closing = (ticket: string): string =>
  `@id("closed-${ticket.toLowerCase()}") forbid (principal, action == Action::"desk/read_ticket", resource) ` +
  `when { context.input.ticket == "${ticket}" };\n`;

let desk: SharedDesk;

const until = (ticket: string, wanted: string): Promise<unknown> =>
  waitFor(async () => {
    const outcomes = await Promise.all([0, 1].map((member) => desk.read(member, ticket)));
    return outcomes.every(({ answer }) => answer === wanted) ? true : undefined;
  });

/** All lanes over both proxies, until it is ended. What was answered to each, by the ticket. */
function load(): { readonly heard: Map<string, Set<string>>; readonly end: () => Promise<void> } {
  const heard = new Map<string, Set<string>>();
  const stop = new AbortController();
  const lane = async (at: number): Promise<void> => {
    for (let round = 0; !stop.signal.aborted; round += 1) {
      const ticket = [...open, closed][(at + round) % 4] as string;
      const { answer } = await desk.read(at, ticket);
      heard.set(ticket, (heard.get(ticket) ?? new Set()).add(answer));
      // A proxy that is not there says so at once.
      if (answer.startsWith('broken')) await delay(5);
    }
  };
  const lanes = Array.from({ length: 16 }, (_, at) => lane(at));
  return {
    heard,
    end: async () => {
      stop.abort();
      await Promise.all(lanes);
    },
  };
}

describeWithRedis('two proxies and two decision services on one Redis', () => {
  beforeAll(async () => {
    desk = await SharedDesk.start();
    desk.fleet.operator.write('desk/policies/closed.cedar', closing(closed));
    await desk.fleet.publish();
    await until(closed, forbidden);
  }, 60_000);

  afterAll(() => desk.stop());

  it('share verdicts: what one was told is a hit in the other', async () => {
    const count = async (): Promise<number[]> => [
      await desk.countDecisions(1, 'shared'),
      await desk.countDecisions(1, 'service'),
    ];
    // On a machine that is busy Redis may be too late for one.
    let asked = 0;
    await waitFor(async () => {
      const ticket = `T-${(asked += 1) + 100}`;
      expect((await desk.read(0, ticket)).answer).toBe(passed);
      const [shared = 0, service] = await count();
      expect((await desk.read(1, ticket)).answer).toBe(passed);
      return isDeepStrictEqual(await count(), [shared + 1, service]) ? true : undefined;
    });
    expect(asked).toBeLessThan(10);
  });

  it('are killed and started again under load, and nobody is answered wrongly', async () => {
    const { heard, end } = load();
    await delay(200);
    await desk.fleet.restartRedis();
    await desk.fleet.restartDecision(0);
    await desk.fleet.restartProxy(0);
    await desk.fleet.restartDecision(1);
    await desk.fleet.restartProxy(1);
    await desk.fleet.restartRedis();
    await delay(200);
    await end();
    expect(heard.get(closed)).not.toContain(passed);
    for (const ticket of open)
      expect([...(heard.get(ticket) ?? [])].filter((answer) => answer === forbidden)).toEqual([]);
    const faults = [...heard.values()]
      .flatMap((answers) => [...answers])
      .filter((answer) => !answer.startsWith('broken'));
    const known = [
      passed,
      forbidden,
      '200 decision_unavailable -32603',
      '200 stale_authority -32001',
      '503 overloaded -32603',
    ];
    expect(faults.filter((answer) => !known.includes(answer))).toEqual([]);
    for (const ticket of open) await until(ticket, passed);
    await until(closed, forbidden);
  }, 60_000);

  it('hear of another bundle within two seconds', async () => {
    const [ticket = ''] = open;
    await until(ticket, passed);
    desk.fleet.operator.write('desk/policies/closed.cedar', closing(closed) + closing(ticket));
    await desk.fleet.publish();
    const startMs = performance.now();
    await until(ticket, forbidden);
    expect(performance.now() - startMs).toBeLessThan(effectMsMax);
  }, 60_000);

  it('hear of a grant that is taken back within two seconds', async () => {
    const [, ticket = ''] = open;
    await until(ticket, passed);
    desk.fleet.operator.write('grants.json', { grants: [{ ...annGrant, revoked: true }] });
    const startMs = performance.now();
    await until(ticket, '401 unauthenticated -32600');
    expect(performance.now() - startMs).toBeLessThan(effectMsMax);
  }, 60_000);
});
