// Two proxies, each with a decision service of its own, and one Redis that both proxies share: all of them processes, as
// an operator runs them, and each of them may be killed and comes back at the same place.
import { RedisServer } from '../../../../pep/test/redisServer.ts';
import { serveDesk, type DeskEndpoint } from '../../../../cli/src/mcp/desk/serveDesk.ts';
import { Shop } from '../../../../cli/src/mcp/desk/shop.ts';
import { findPort } from '../../processes/findPort.ts';
import type { CardeaProcess } from '../../processes/cardeaProcess.ts';
import { Operator } from '../../processes/operator.ts';
import { callOf } from '../adversary/attack.ts';
import { Caller, type Outcome } from '../caller.ts';

interface Member {
  readonly ports: { readonly pdp: number; readonly pep: number; readonly metrics: number };
  readonly caller: Caller;
  pdp: CardeaProcess;
  pep: CardeaProcess;
}

const rootKey = 'the root key of both, which is long enough';

export class Fleet {
  readonly operator: Operator;
  readonly redis: RedisServer;
  readonly members: readonly Member[];
  readonly #desk: DeskEndpoint;

  private constructor(parts: Pick<Fleet, 'operator' | 'redis' | 'members'>, desk: DeskEndpoint) {
    this.operator = parts.operator;
    this.redis = parts.redis;
    this.members = parts.members;
    this.#desk = desk;
  }

  static async start(): Promise<Fleet> {
    const redis = await RedisServer.start();
    const operator = await Operator.start();
    const desk = await serveDesk({ shop: new Shop(), json: true });
    operator.write('cache.key', rootKey);
    const members = await Promise.all([0, 1].map((at) => startMember(operator, desk, redis, at)));
    return new Fleet({ operator, redis, members }, desk);
  }

  read(member: number, ticket: string): Promise<Outcome> {
    const { caller } = this.members[member % this.members.length] as Member;
    return caller.call({ body: callOf(JSON.stringify({ ticket }), 'read_ticket') });
  }

  /** How many verdicts came from there. */
  async countDecisions(member: number, source: 'cache' | 'shared' | 'service'): Promise<number> {
    const { ports } = this.members[member] as Member;
    const text = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();
    const samples = text
      .split('\n')
      .filter(
        (line) => line.startsWith('cardea_pep_decisions_total{') && line.includes(`source="${source}"`),
      );
    return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  async restartDecision(at: number): Promise<void> {
    const member = this.members[at] as Member;
    await member.pdp.end('SIGKILL');
    member.pdp = (await this.operator.startDecision('--port', `${member.ports.pdp}`)).pdp;
  }

  async restartProxy(at: number): Promise<void> {
    const member = this.members[at] as Member;
    await member.pep.end('SIGKILL');
    member.pep = (await this.operator.startProxy(...proxyWords(at, member.ports.metrics))).pep;
  }

  async restartRedis(): Promise<void> {
    await this.redis.kill();
    await this.redis.run();
  }

  async stop(): Promise<void> {
    for (const { caller } of this.members) caller.close();
    await this.operator.stop();
    await this.#desk.close();
    await this.redis.stop();
  }
}

async function startMember(
  operator: Operator,
  desk: DeskEndpoint,
  redis: RedisServer,
  at: number,
): Promise<Member> {
  const ports = { pdp: await findPort(), pep: await findPort(), metrics: await findPort() };
  const { pdp } = await operator.startDecision('--port', `${ports.pdp}`);
  operator.write(`pep-${at}.json`, {
    listen: { port: ports.pep },
    decision: { url: `http://127.0.0.1:${ports.pdp}`, tokenFile: 'proxy.token' },
    servers: [{ id: 'desk', upstream: desk.url }],
    redis: { unixSocket: redis.socket },
    sharedCache: { keys: ['file:cache.key'] },
  });
  const { pep } = await operator.startProxy(...proxyWords(at, ports.metrics));
  return { ports, pdp, pep, caller: new Caller(`http://127.0.0.1:${ports.pep}/desk/mcp`, 'ann') };
}

function proxyWords(at: number, metricsPort: number): string[] {
  return ['--config', `pep-${at}.json`, '--metrics', `127.0.0.1:${metricsPort}`];
}
