// From a state folder to a service that runs until it is stopped: publish what is to serve, start, say what to try.
import { once } from 'node:events';
import { loadInstalledEngine } from '@cardea/bundles';
import { createLog, type Log } from '@cardea/pdp';
import { Failure, printFailure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import { runOnChange } from '../project/watchFiles.ts';
import { createSignerLog } from '../service/signerLog.ts';
import { startLocally } from './localService.ts';
import { publishFirst, publishLocally, type LocalPublisher, type Published } from './publishLocally.ts';
import type { StateFolder } from './stateFolder.ts';
import { showAddress, showRequests } from './whatToTry.ts';

export interface RunOptions {
  readonly state: StateFolder;
  readonly host: string;
  readonly port: number;
  /** The project to publish at once and whenever it changes. */
  readonly watched: string | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Throws Failure where there is nothing to serve, and where the service cannot start. */
export async function runLocally({
  state,
  host,
  port,
  watched,
  terminal,
  signal,
}: RunOptions): Promise<void> {
  const engine = await loadInstalledEngine();
  const publisher = { state, engine, terminal };
  const published = await publishFirst(publisher, watched);
  const writeLine = (line: string): void => {
    terminal.err(`${line}\n`);
  };
  const local = await startLocally(state, published.manifest, {
    engine,
    host,
    port,
    callers: state.callers(listServers(published)),
    log: createEventLog(terminal, published.head.bundle),
    onSignerFault: createSignerLog(writeLine, Date.now).fault,
  });
  try {
    const place = { address: local.address, state: state.directory, workingDirectory: process.cwd() };
    terminal.out(showAddress(place, published.head.bundle));
    if (published.isExample) terminal.out(showRequests(place));
    if (watched !== undefined) await runOnChange([watched], signal, () => publishOnce(publisher, watched));
    else if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await local.close();
  }
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

/** For people: what goes as it should is one line, what does not is the service's own log line. */
function createEventLog(terminal: Terminal, first: string): Log {
  const logLine = createLog((line) => {
    terminal.err(`${line}\n`);
  }, Date.now);
  let current = first;
  return (event) => {
    if (event.event === 'listening' || event.event === 'closing' || event.event === 'closed') return;
    if (event.event !== 'bundle_loaded') {
      logLine(event);
      return;
    }
    if (event.bundle !== current) terminal.out(`now decides by ${event.bundle}\n`);
    current = event.bundle;
  };
}
