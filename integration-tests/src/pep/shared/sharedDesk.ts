// A fleet before the sample desk, whose proxies share what they were told: who reads which ticket, and where each verdict
// came from.
import { serveDesk, type DeskEndpoint } from '../../../../cli/src/mcp/desk/serveDesk.ts';
import { Shop } from '../../../../cli/src/mcp/desk/shop.ts';
import { Fleet, membersCount } from '../../processes/fleet.ts';
import { callOf } from '../adversary/attack.ts';
import { Caller, type Outcome } from '../caller.ts';

export class SharedDesk {
  readonly fleet: Fleet;
  readonly #desk: DeskEndpoint;
  readonly #callers: readonly Caller[];

  private constructor(fleet: Fleet, desk: DeskEndpoint) {
    this.fleet = fleet;
    this.#desk = desk;
    const members = Array.from({ length: membersCount }, (_, at) => fleet.url(at));
    this.#callers = members.map((url) => new Caller(`${url}/desk/mcp`, 'ann'));
  }

  static async start(): Promise<SharedDesk> {
    const desk = await serveDesk({ shop: new Shop(), json: true });
    return new SharedDesk(await Fleet.start({ upstream: desk.url }), desk);
  }

  /** Ann does. */
  read(at: number, ticket: string): Promise<Outcome> {
    const caller = this.#callers[at % membersCount] as Caller;
    return caller.call({ body: callOf(JSON.stringify({ ticket }), 'read_ticket') });
  }

  /** How many verdicts came from there. */
  async countDecisions(at: number, source: 'cache' | 'shared' | 'service'): Promise<number> {
    const samples = (await this.fleet.readMetrics(at))
      .split('\n')
      .filter(
        (line) => line.startsWith('cardea_pep_decisions_total{') && line.includes(`source="${source}"`),
      );
    return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  async stop(): Promise<void> {
    for (const caller of this.#callers) caller.close();
    await this.fleet.stop();
    await this.#desk.close();
  }
}
