// Two proxies, each with a decision service of its own, and one Redis that both proxies share: all of them processes, as
// an operator runs them, and each of them may be killed and comes back at the same place.
import type { WireReadiness } from '@cardea/schemas/wire';
import { RedisServer } from '../../../pep/test/redisServer.ts';
import type { CardeaProcess } from './cardeaProcess.ts';
import { findPort } from './findPort.ts';
import { Operator } from './operator.ts';

export interface FleetOptions {
  /** Of the server `desk`. */
  readonly upstream: string;
  /** Takes the place of what the example says, by paths in its folder. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** Ann's alone if not given. */
  readonly grants?: readonly object[];
}

interface Member {
  readonly ports: { readonly pdp: number; readonly pep: number; readonly metrics: number };
  pdp: CardeaProcess;
  pep: CardeaProcess;
}

export const membersCount = 2;

export class Fleet {
  readonly redis: RedisServer;
  readonly operator: Operator;
  readonly #members: readonly Member[];

  private constructor(redis: RedisServer, operator: Operator, members: readonly Member[]) {
    this.redis = redis;
    this.operator = operator;
    this.#members = members;
  }

  /** Everything listens then. */
  static async start({ upstream, files = {}, grants }: FleetOptions): Promise<Fleet> {
    const redis = await RedisServer.start();
    const operator = await Operator.start();
    for (const [path, content] of Object.entries(files)) operator.write(`desk/${path}`, content);
    if (grants !== undefined) operator.write('grants.json', { grants });
    if (Object.keys(files).length > 0) await publish(operator);
    const members = await Promise.all(
      Array.from({ length: membersCount }, (_, at) => startMember(operator, { upstream, redis, at })),
    );
    return new Fleet(redis, operator, members);
  }

  url(at: number): string {
    return `http://127.0.0.1:${this.#memberAt(at).ports.pep}`;
  }

  async readiness(at: number): Promise<WireReadiness> {
    return (await (await fetch(`${this.url(at)}/readyz`)).json()) as WireReadiness;
  }

  /** As they are served to whoever watches. */
  async readMetrics(at: number): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.#memberAt(at).ports.metrics}/metrics`)).text();
  }

  /** The folder as it is then. Once it has been stated that it is current. */
  publish(): Promise<void> {
    return publish(this.operator);
  }

  async restartDecision(at: number): Promise<void> {
    const member = this.#memberAt(at);
    await member.pdp.end('SIGKILL');
    member.pdp = (await this.operator.startDecision('--port', `${member.ports.pdp}`)).pdp;
  }

  async restartProxy(at: number): Promise<void> {
    const member = this.#memberAt(at);
    await member.pep.end('SIGKILL');
    member.pep = (await this.operator.startProxy(...proxyWords(at, member.ports.metrics))).pep;
  }

  /** It keeps nothing. */
  async restartRedis(): Promise<void> {
    await this.redis.kill();
    await this.redis.run();
  }

  async stop(): Promise<void> {
    await this.operator.stop();
    await this.redis.stop();
  }

  #memberAt(at: number): Member {
    const member = this.#members[at];
    if (member === undefined) throw new RangeError(`there is no member ${at}`);
    return member;
  }
}

async function publish(operator: Operator): Promise<void> {
  const words = ['bundle', 'publish', 'desk', '--archive', 'archive', '--key', 'publisher.key'];
  const { code, out, err } = await operator.run(...words);
  const [digest] = /sha256:[0-9a-f]{64}/.exec(out) ?? [];
  if (code !== 0 || digest === undefined) throw new Error(out + err);
  await operator.signer.until(new RegExp(digest));
}

interface Place {
  readonly upstream: string;
  readonly redis: RedisServer;
  readonly at: number;
}

async function startMember(operator: Operator, { upstream, redis, at }: Place): Promise<Member> {
  const ports = { pdp: await findPort(), pep: await findPort(), metrics: await findPort() };
  const { pdp } = await operator.startDecision('--port', `${ports.pdp}`);
  operator.write('cache.key', 'the root key of both, which is long enough');
  operator.write(`pep-${at}.json`, {
    listen: { port: ports.pep },
    decision: { url: `http://127.0.0.1:${ports.pdp}`, tokenFile: 'proxy.token' },
    servers: [{ id: 'desk', upstream }],
    redis: { unixSocket: redis.socket },
    sharedCache: { keys: ['file:cache.key'] },
  });
  const { pep } = await operator.startProxy(...proxyWords(at, ports.metrics));
  return { ports, pdp, pep };
}

function proxyWords(at: number, metricsPort: number): string[] {
  return ['--config', `pep-${at}.json`, '--metrics', `127.0.0.1:${metricsPort}`];
}
