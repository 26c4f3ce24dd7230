// From a state folder to services that run until they are stopped: publish what is to serve, start, say what to try.
import { once } from 'node:events';
import { loadInstalledEngine, type EngineFile } from '@cardea/bundles';
import { Failure, printFailure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import { runOnChange } from '../project/watchFiles.ts';
import { createSignerLog } from '../service/signerLog.ts';
import { createDecisionLog, createProxyLog } from './localLogs.ts';
import { startLocalProxy } from './localProxy.ts';
import { startLocally } from './localService.ts';
import { trustOwn } from './ownTrust.ts';
import { publishFirst, publishLocally, type LocalPublisher, type Published } from './publishLocally.ts';
import { sampleServer } from './sampleServer.ts';
import type { StateFolder } from './stateFolder.ts';
import { showWhatToTry } from './whatToTry.ts';

export interface RunOptions {
  readonly state: StateFolder;
  readonly host: string;
  /** Of the decision service. */
  readonly port: number;
  readonly proxyPort: number;
  /** The project to publish at once and whenever it changes. */
  readonly watched: string | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

interface Running {
  readonly close: () => Promise<void>;
}

/** Throws Failure where there is nothing to serve, and where a service cannot start. */
export async function runLocally(options: RunOptions): Promise<void> {
  const { state, watched, terminal, signal } = options;
  const engine = await loadInstalledEngine();
  const publisher = { state, engine, terminal };
  const published = await publishFirst(publisher, watched);
  const running: Running[] = [];
  try {
    const addresses = await startAll(options, published, engine, running);
    terminal.out(showWhatToTry({ ...addresses, state: state.directory }, published));
    if (watched !== undefined) await runOnChange([watched], signal, () => publishOnce(publisher, watched));
    else if (!signal.aborted) await once(signal, 'abort');
  } finally {
    for (const part of running.reverse()) await part.close();
  }
}

interface Addresses {
  readonly decision: string;
  /** Of the sample server, behind the proxy; undefined where the bundle does not have it. */
  readonly sample: string | undefined;
}

/** What has started is in `running`, also when something after it has not. */
async function startAll(
  { state, host, port, proxyPort, terminal }: RunOptions,
  published: Published,
  engine: EngineFile,
  running: Running[],
): Promise<Addresses> {
  const trust = await trustOwn(state, published.manifest, engine);
  const servers = listServers(published);
  const writeLine = (line: string): void => {
    terminal.err(`${line}\n`);
  };
  const service = await startLocally(state, {
    trust,
    host,
    port,
    callers: state.callers(servers),
    log: createDecisionLog(terminal, published.head.bundle),
    onSignerFault: createSignerLog(writeLine, Date.now).fault,
  });
  running.push(service);
  if (!servers.includes(sampleServer)) return { decision: service.address, sample: undefined };
  const proxy = await startLocalProxy(state, {
    trust,
    host,
    port: proxyPort,
    decision: service.address,
    log: createProxyLog(terminal),
    onCall: (tool) => {
      terminal.out(`${sampleServer} runs ${tool}\n`);
    },
  });
  running.push(proxy);
  return { decision: service.address, sample: proxy.url };
}

function listServers({ manifest }: Published): string[] {
  return Object.keys(manifest.files).flatMap((path) => /^catalog\/(.+)\.json$/.exec(path)?.[1] ?? []);
}

/** A folder that is away for a moment must not end the service. */
async function publishOnce(publisher: LocalPublisher, watched: string): Promise<void> {
  try {
    await publishLocally(publisher, watched);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    printFailure(failure, publisher.terminal);
  }
}
