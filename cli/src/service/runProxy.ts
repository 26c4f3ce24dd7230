// A proxy from its start to its last answer.
import { once } from 'node:events';
import { createLog, SecretFault, startProxy, type ProxyOptions, type RunningProxy } from '@cardea/pep';
import { JsonRefusal } from '@cardea/schemas/json';
import { Failure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import type { Context, ExitCode } from '../frame/verb.ts';
import { readTextFile } from '../project/inputFiles.ts';
import { describeRefusal } from '../project/schema.ts';
import { printDiagnostics } from '../report/problemList.ts';
import { failToStart } from './runDecisionService.ts';

interface Surroundings extends Pick<Context, 'terminal' | 'onHangup'> {
  readonly signal: AbortSignal;
}

/** Resolves when the signal has aborted and nothing is left. Throws Failure where it cannot start. */
export async function runProxy(
  options: ProxyOptions,
  { terminal, signal, onHangup }: Surroundings,
): Promise<ExitCode> {
  const log = createLog((line) => {
    terminal.err(`${line}\n`);
  }, Date.now);
  const proxy = await startOrExplain({ ...options, log }, terminal);
  if (proxy === undefined) return 1;
  onHangup(() => void proxy.reload());
  if (!signal.aborted) await once(signal, 'abort');
  await proxy.close();
  return 0;
}

/** Undefined for a grants file that is not right, which is shown where it stands. */
async function startOrExplain(options: ProxyOptions, terminal: Terminal): Promise<RunningProxy | undefined> {
  return failToStart(async () => {
    try {
      return await startProxy(options);
    } catch (fault) {
      if (fault instanceof SecretFault) throw new Failure(fault.message);
      if (!(fault instanceof JsonRefusal)) throw fault;
      printDiagnostics(terminal, [describeRefusal(fault, readTextFile(options.grants))]);
      return undefined;
    }
  });
}
