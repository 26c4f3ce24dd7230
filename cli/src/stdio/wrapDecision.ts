// Who decides about the calls of a wrapped server: a decision service somewhere, or one in this very process that serves a
// project of policies.
import { join, resolve } from 'node:path';
import { loadInstalledEngine } from '@cardea/bundles';
import { readManifest, type BundleSource, type Trust } from '@cardea/bundles/open';
import { createLog } from '@cardea/pdp';
import type { Verifier } from '@cardea/schemas/note';
import { Failure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import { startLocally } from '../local/localService.ts';
import { trustOwn } from '../local/ownTrust.ts';
import { publishLocally } from '../local/publishLocally.ts';
import { StateFolder } from '../local/stateFolder.ts';
import { createSignerLog } from '../service/signerLog.ts';
import { openArchive } from '../trust/archiveLocation.ts';
import { readTrust } from '../trust/bundleTrust.ts';
import { readRanges } from '../trust/dialOptions.ts';
import { readVerifierKeys } from '../trust/verifierKeys.ts';

export interface WrapDecision {
  /** As in pep.json; paths are absolute. */
  readonly decision: { readonly url: string; readonly tokenFile: string };
  /** Ranges where its name may lead. */
  readonly dialAllow: readonly string[];
  readonly source: BundleSource;
  readonly trust: Trust;
  readonly verifiers: readonly Verifier[];
  /** Whether nobody else asks about the same people: only then usage can be counted here. */
  readonly isAlone: boolean;
  readonly close: () => Promise<void>;
}

export interface RemoteOptions {
  readonly decision: string | undefined;
  readonly 'token-file': string | undefined;
  readonly archive: string | undefined;
  readonly trust: readonly string[];
  readonly organisation: string | undefined;
  readonly authority: readonly string[];
  readonly 'dial-allow': readonly string[];
}

/** Throws Failure for what is missing. */
export async function useRemote(options: RemoteOptions): Promise<WrapDecision> {
  const { trust, authority } = options;
  const required = (name: 'decision' | 'token-file' | 'archive' | 'organisation'): string => {
    const value = options[name];
    if (value === undefined) throw new Failure(`--${name} is needed where there is no --project`);
    return value;
  };
  if (trust.length === 0 || authority.length === 0)
    throw new Failure('--trust and --authority are needed where there is no --project');
  const organisation = required('organisation');
  const trusted = { trust, organisation, profile: 'mcp', engine: [] };
  return {
    decision: { url: required('decision'), tokenFile: resolve(required('token-file')) },
    dialAllow: options['dial-allow'],
    source: openArchive(required('archive'), readRanges(options['dial-allow'])),
    trust: await readTrust(trusted, await loadInstalledEngine()),
    verifiers: readVerifierKeys(authority),
    isAlone: false,
    close: () => Promise.resolve(),
  };
}

export interface EmbeddedOptions {
  readonly project: string;
  readonly server: string;
  /** Of this run. */
  readonly folder: string;
  /** What it writes is not for the client. */
  readonly terminal: Terminal;
}

const asItShould: ReadonlySet<string> = new Set(['bundle_loaded', 'closed', 'closing', 'listening']);

/** Throws Failure where the project does not build: what is wrong was reported. */
export async function decideHere({
  project,
  server,
  folder,
  terminal,
}: EmbeddedOptions): Promise<WrapDecision> {
  const engine = await loadInstalledEngine();
  const state = new StateFolder(join(folder, 'state'));
  const head = await publishLocally({ state, engine, terminal }, project);
  if (head === undefined) throw new Failure(`${project} does not build: nothing would decide`);
  const manifest = readManifest(await state.archive.readManifest(head.bundle));
  if (!Object.hasOwn(manifest.files, `catalog/${server}.json`))
    throw new Failure(
      `${project} has no catalog of ${server}`,
      `cardea tools pull --id ${server} -- COMMAND writes one`,
    );
  const trust = await trustOwn(state, manifest, engine);
  const writeLine = (line: string): void => {
    terminal.err(`${line}\n`);
  };
  const log = createLog(writeLine, Date.now);
  const service = await startLocally(state, {
    ...{ trust, host: '127.0.0.1', port: 0, workers: 1, callers: state.callers([server]) },
    log: (event) => {
      if (!asItShould.has(event.event)) log(event);
    },
    onSignerFault: createSignerLog(writeLine, Date.now).fault,
  });
  state.token('proxy');
  return {
    decision: { url: service.address, tokenFile: state.path('tokens', 'proxy') },
    dialAllow: [],
    source: state.archive,
    trust,
    verifiers: [state.key('authority').verifier],
    isAlone: true,
    close: () => service.close(),
  };
}
