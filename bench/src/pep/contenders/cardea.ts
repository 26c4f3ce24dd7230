// The enforcement proxy beside its decision service. Cached: the same calls again and again, whose verdicts it keeps.
// Cold: no two calls with the same arguments, so that every verdict comes from the service. Counted: calls of the tool
// with a quota, where it does too, since each of them is one more.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '../../deployment/deployment.ts';
import { stdioEcho } from '../upstream/stdioEcho.ts';
import { ProxyProcess } from '../proxy/proxyProcess.ts';
import { listCalls } from '../workload/calls.ts';
import { listGrants } from '../workload/grants.ts';
import { countedTool, serverId } from '../workload/tool.ts';
import type { CardeaSetup } from './cardea/main.ts';
import type { Contender } from './contender.ts';
import type { IdentityProvider } from './identityProvider.ts';
import type { RedisServer } from './redisServer.ts';

export interface CardeaOptions {
  /** A URL, or what pep.json says of it instead. */
  readonly upstream: string | object;
  /** Limits of pep.json; the defaults where they are absent. */
  readonly limits?: Readonly<Record<string, number>>;
  /** What else pep.json says. */
  readonly config?: object;
}

/** The files and tokens that every proxy of a run shares. */
export class Cardea {
  /** Each belongs to a grant of its own. */
  readonly tokens: readonly string[];
  readonly #deployment: Deployment;
  readonly #files: { readonly grants: string; readonly decisionToken: string };

  private constructor(deployment: Deployment, tokens: readonly string[]) {
    const { directory } = deployment;
    this.tokens = tokens;
    this.#deployment = deployment;
    this.#files = {
      grants: join(directory, 'grants.json'),
      decisionToken: join(directory, 'decision.token'),
    };
  }

  /** The deployment runs. */
  static async prepare(deployment: Deployment, grants: number): Promise<Cardea> {
    const tokens = Array.from({ length: grants }, () => randomBytes(24).toString('base64url'));
    const cardea = new Cardea(deployment, tokens);
    await writeFile(cardea.#files.grants, JSON.stringify({ grants: listGrants(tokens, Date.now()) }));
    await writeFile(cardea.#files.decisionToken, deployment.endpoint.token, { mode: 0o600 });
    return cardea;
  }

  async start({ upstream, limits = {}, config: others = {} }: CardeaOptions): Promise<ProxyProcess> {
    const { endpoint, directory } = this.#deployment;
    const config = {
      listen: { port: 0 },
      decision: { url: endpoint.url, tokenFile: this.#files.decisionToken },
      servers: [{ id: serverId, ...(typeof upstream === 'string' ? { upstream } : upstream) }],
      usage: 'process',
      limits,
      ...others,
    };
    const setup: CardeaSetup = {
      archive: directory,
      authority: await this.#deployment.readAuthority(),
      folder: directory,
      config: JSON.stringify(config),
      grants: this.#files.grants,
    };
    return ProxyProcess.start(new URL('./cardea/main.ts', import.meta.url), setup);
  }

  contend(name: string, isFresh: boolean): Contender {
    return { name, start: (upstream) => this.start({ upstream }), ...(isFresh ? { isFresh } : {}) };
  }

  /** The caller has no grant but a token of that provider. */
  contendByJwt(name: string, { config, token }: IdentityProvider): Contender {
    return { name, token, start: (upstream) => this.start({ upstream, config }) };
  }

  contendCounted(name: string): Contender {
    return { ...this.contend(name, false), calls: listCalls(undefined, countedTool.name) };
  }

  /** Keeps next to no verdict in its process: they come from Redis, where they were left before. */
  contendOverRedis(name: string, redis: Promise<RedisServer>): Contender {
    const start = async (upstream: string): Promise<ProxyProcess> => {
      const { socket } = await redis;
      const key = join(this.#deployment.directory, 'cache.key');
      await writeFile(key, randomBytes(32).toString('base64'), { mode: 0o600 });
      const config = { redis: { unixSocket: socket }, sharedCache: { keys: [`file:${key}`] } };
      return this.start({ upstream, limits: { cachedVerdictsMax: 1 }, config });
    };
    return { name, mayFail: true, start };
  }

  /** Before the echo on its standard streams: as with the proxies from npm, all calls share one session. */
  contendOverStdio(name: string): Contender {
    const upstream = { command: [process.execPath, stdioEcho] };
    return { name, hasSessions: true, start: () => this.start({ upstream }) };
  }
}
