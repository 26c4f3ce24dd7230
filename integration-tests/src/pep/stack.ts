// A proxy with everything that it stands on: an archive, a signer, a decision service. All of it real and in this process,
// but for the server behind it, which is the test's.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinGuardrails, loadInstalledEngine } from '@cardea/bundles';
import type { Guardrails } from '@cardea/bundles/open';
import { startDecisionService } from '@cardea/pdp';
import { readProxyConfig, startProxy, type LogEvent, type RunningProxy } from '@cardea/pep';
import type { WireCaller } from '@cardea/schemas/wire';
import { TestArchive, type SourceFiles } from '../../../pdp/test/testArchive.ts';

export interface StackOptions {
  readonly policies: string;
  /** Texts of catalog files by the id of their server. */
  readonly catalogs: Readonly<Record<string, string>>;
  /** URLs by the id of the server, or what pep.json says of it instead. */
  readonly upstreams: Readonly<Record<string, string | object>>;
  readonly grants?: readonly StackGrant[];
  readonly limits?: Readonly<Record<string, number>>;
  readonly timeouts?: { readonly connectMs?: number; readonly answerMs?: number };
  /** Of `cardea.json`. */
  readonly settings?: object;
  /** What stands between proxy and decision service: given its URL, and asked for another. */
  readonly front?: (decisionUrl: string) => Promise<string>;
  /** What else pep.json says. */
  readonly config?: object;
  /** Of every server, in `x-server-key`. */
  readonly credential?: string;
  /** Beyond this age of what is current everything is denied. */
  readonly staleMs?: number;
  /** Starts the decision service, where it is to be another than one in this process. */
  readonly decide?: StartDecision;
}

export type StartDecision = (archive: TestArchive, caller: WireCaller) => Promise<RunningDecision>;

export interface RunningDecision {
  readonly address: string;
  readonly close: () => Promise<void>;
}

export interface StackGrant {
  readonly token: string;
  readonly person?: string;
  readonly groups?: readonly string[];
  readonly agent?: string;
  readonly servers?: readonly string[];
  readonly tools?: readonly string[];
  readonly effects?: readonly string[];
  readonly expires?: string;
}

const proxyToken = 'a token of the proxy';

/** The one guardrail that a bundle of these tests has to have: nothing unreviewed runs. */
const guardrail = `@id("reviewed-only")
forbid (principal, action in Action::"tools/call", resource is Tool) unless { resource.approved };
`;

/** Permits whatever clients and servers may ask. */
export const permitAll = '@id("everything") permit (principal, action, resource);\n';

export class Stack {
  readonly archive: TestArchive;
  readonly decision: RunningDecision;
  readonly proxy: RunningProxy;
  readonly events: readonly LogEvent[];
  readonly #folder: string;
  readonly #options: StackOptions;

  private constructor(
    parts: Pick<Stack, 'archive' | 'decision' | 'proxy' | 'events'>,
    folder: string,
    options: StackOptions,
  ) {
    this.archive = parts.archive;
    this.decision = parts.decision;
    this.proxy = parts.proxy;
    this.events = parts.events;
    this.#folder = folder;
    this.#options = options;
  }

  static async start(options: StackOptions): Promise<Stack> {
    const folder = mkdtempSync(join(tmpdir(), 'cardea-stack-'));
    const archive = await TestArchive.create('mcp', await pinGuardrail(folder));
    await archive.publish(makeSources(options));
    archive.keepStating();
    const servers = Object.keys(options.upstreams);
    const caller = { class: 'proxy', name: 'proxy', servers, tokenSha256: sha256(proxyToken) } as const;
    const decision = await (options.decide ?? decideHere)(archive, caller);
    writeFileSync(join(folder, 'token'), proxyToken, { mode: 0o600 });
    writeFileSync(join(folder, 'credential'), options.credential ?? 'none', { mode: 0o600 });
    const decisionUrl = (await options.front?.(decision.address)) ?? decision.address;
    writeGrants(folder, options.grants ?? [{ token: defaultToken }], servers);
    const events: LogEvent[] = [];
    const proxy = await startProxy({
      config: readProxyConfig(JSON.stringify(writeConfig(options, decisionUrl)), folder),
      source: archive.archive,
      trust: archive.trust,
      authority: {
        verifiers: archive.authorityVerifiers,
        ...(options.staleMs === undefined ? {} : { staleMs: options.staleMs }),
      },
      grants: join(folder, 'grants.json'),
      environment: {},
      pollMs: 50,
      log: (event) => events.push(event),
    });
    return new Stack({ archive, decision, proxy, events }, folder, options);
  }

  url(server: string): string {
    return `${this.proxy.url}/${server}/mcp`;
  }

  /** Another bundle is current from then on. */
  async publish(changes: Partial<Pick<StackOptions, 'policies' | 'catalogs'>>): Promise<void> {
    await this.archive.publish(makeSources({ ...this.#options, ...changes }));
  }

  /** Others stand as soon as the proxy looks at its files by itself. */
  leaveGrants(grants: readonly StackGrant[]): void {
    writeGrants(this.#folder, grants, Object.keys(this.#options.upstreams));
  }

  /** Others stand from then on. */
  async grant(grants: readonly StackGrant[]): Promise<void> {
    writeGrants(this.#folder, grants, Object.keys(this.#options.upstreams));
    await this.proxy.reload();
  }

  async stop(): Promise<void> {
    await this.proxy.close();
    await this.decision.close();
    await this.archive.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const defaultToken = 'a token of ann';

function decideHere(archive: TestArchive, caller: WireCaller): Promise<RunningDecision> {
  return startDecisionService({
    source: archive.archive,
    trust: archive.trust,
    authority: { verifiers: archive.authorityVerifiers },
    callers: [caller],
    workers: 1,
    pollMs: 25,
  });
}

function makeSources({ policies, catalogs, settings }: StackOptions): SourceFiles {
  const project = { organisation: 'acme', profile: 'mcp', ...(settings === undefined ? {} : { settings }) };
  return {
    'cardea.json': JSON.stringify(project),
    'policies/guardrails/reviewed.cedar': guardrail,
    'policies/main.cedar': policies,
    ...Object.fromEntries(Object.entries(catalogs).map(([id, text]) => [`catalog/${id}.json`, text])),
  };
}

async function pinGuardrail(folder: string): Promise<Guardrails> {
  const guardrails = join(folder, 'guardrails');
  mkdirSync(guardrails);
  writeFileSync(join(guardrails, 'reviewed.cedar'), guardrail);
  return pinGuardrails(guardrails, await loadInstalledEngine());
}

function writeConfig(
  { upstreams, limits, timeouts, credential, config }: StackOptions,
  decision: string,
): object {
  const servers = Object.entries(upstreams).map(([id, upstream]) => ({
    id,
    ...(typeof upstream === 'string' ? { upstream } : upstream),
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(credential === undefined ? {} : { credential: { header: 'x-server-key', value: 'file:credential' } }),
  }));
  return {
    listen: { port: 0 },
    decision: { url: decision, tokenFile: 'token' },
    servers,
    ...(limits === undefined ? {} : { limits }),
    ...config,
  };
}

function writeGrants(folder: string, grants: readonly StackGrant[], servers: readonly string[]): void {
  const entries = grants.map((grant, at) => ({
    id: `grant-${at}`,
    tokenSha256: sha256(grant.token),
    person: { id: grant.person ?? 'ann', groups: grant.groups ?? [] },
    agent: { id: grant.agent ?? 'assistant', groups: [] },
    servers: grant.servers ?? servers,
    tools: grant.tools ?? [],
    effects: grant.effects ?? ['read', 'write', 'destructive'],
    issued: '2020-01-01T00:00:00Z',
    expires: grant.expires ?? '2100-01-01T00:00:00Z',
  }));
  writeFileSync(join(folder, 'grants.json'), JSON.stringify({ grants: entries }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
