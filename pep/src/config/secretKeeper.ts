// All secrets of one proxy: resolved before it starts, looked at while it runs. One that cannot be read any more leaves
// the one from before in use, and is reported until it can.
import type { OnProblem } from '../health/problems.ts';
import type { DecisionEndpoint } from './decisionEndpoint.ts';
import type { ConfiguredServer, ProxyConfig, SecretSource } from './proxyConfig.ts';
import type { ConfiguredStdioServer } from './stdioServer.ts';
import type { Secret } from './secret.ts';
import { SecretFault, SecretHolder, type SecretOptions } from './secretHolder.ts';
import type { ServerConfig } from './serverConfig.ts';

export interface KeeperOptions extends SecretOptions {
  readonly report: OnProblem;
}

export class SecretKeeper {
  readonly #options: KeeperOptions;
  readonly #holders: SecretHolder[] = [];

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** By id. Throws SecretFault. */
  async openServers(servers: readonly ConfiguredServer[]): Promise<ReadonlyMap<string, ServerConfig>> {
    const opened = await Promise.all(servers.map((server) => this.#openServer(server)));
    return new Map(opened.map((server) => [server.id, server]));
  }

  /** Throws SecretFault. */
  async openDecision({ origin, socketPath, token }: ProxyConfig['decision']): Promise<DecisionEndpoint> {
    const holder = token === undefined ? undefined : await this.#open(token, '');
    return { origin, token: () => holder?.current, ...(socketPath === undefined ? {} : { socketPath }) };
  }

  /** For anything else that is secret; shorter ones than `charactersMin` are refused. Throws SecretFault. */
  async openSecret(source: SecretSource, charactersMin = 1): Promise<() => Secret> {
    const holder = await this.#open(source, '', charactersMin);
    return () => holder.current;
  }

  /** To be called at a regular pace. Never throws. */
  async poll(): Promise<void> {
    const looks = await Promise.allSettled(this.#holders.map((holder) => holder.poll()));
    const faults = looks.flatMap((look) => (look.status === 'rejected' ? [look.reason as Error] : []));
    const [fault] = faults;
    const message = 'a secret cannot be read; the one from before is in use';
    this.#options.report(
      'credentials',
      fault === undefined
        ? undefined
        : { code: 'credentials_unreadable', message, detail: describe(fault, faults.length) },
    );
  }

  async #openServer(configured: ConfiguredServer): Promise<ServerConfig> {
    if ('process' in configured) return this.#openCommand(configured);
    const { credential, ...server } = configured;
    if (credential === undefined) return { ...server, credential: () => undefined };
    const { header, prefix, source } = credential;
    const holder = await this.#open(source, prefix);
    return { ...server, credential: () => ({ header, value: holder.current }) };
  }

  async #openCommand({ variables, ...server }: ConfiguredStdioServer): Promise<ServerConfig> {
    const { environment: given } = this.#options;
    const allowed = variables.allowed.flatMap((name): [string, string][] => {
      const value = given[name];
      return value === undefined ? [] : [[name, value]];
    });
    const set = await Promise.all(
      variables.set.map(async ({ name, source }) => ({ name, holder: await this.#open(source, '') })),
    );
    const environment = (): Record<string, string> =>
      Object.fromEntries([
        ...allowed,
        ...set.map(({ name, holder }): [string, string] => [name, holder.current.reveal()]),
      ]);
    return { ...server, credential: () => undefined, environment };
  }

  async #open(source: SecretSource, prefix: string, charactersMin = 1): Promise<SecretHolder> {
    const holder = await SecretHolder.open(source, prefix, { ...this.#options, charactersMin });
    this.#holders.push(holder);
    return holder;
  }
}

function describe(fault: Error, count: number): string {
  const text = fault instanceof SecretFault ? fault.message : fault.name;
  return count === 1 ? text : `${text}, and ${count - 1} more`;
}
