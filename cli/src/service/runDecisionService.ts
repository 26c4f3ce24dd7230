// A decision service from its start to its last answer.
import { once } from 'node:events';
import { FieldFault } from '@cardea/bundles';
import {
  createLog,
  startDecisionService,
  type DecisionService,
  type DecisionServiceOptions,
} from '@cardea/pdp';
import { Refusal } from '@cardea/schemas/codes';
import { JsonRefusal } from '@cardea/schemas/json';
import { Failure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import type { ExitCode } from '../frame/verb.ts';
import { explainFault } from '../project/fileFault.ts';
import { readTextFile } from '../project/inputFiles.ts';
import { describeRefusal } from '../project/schema.ts';
import { printDiagnostics } from '../report/problemList.ts';

/** The callers are those of a file, so that what is wrong in it can be shown where it stands. */
type Options = Omit<DecisionServiceOptions, 'callers'> & { readonly callers: { readonly file: string } };

/** Resolves when the signal has aborted and nothing is left. Throws Failure where it cannot start. */
export async function runDecisionService(
  options: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const log = createLog((line) => {
    terminal.err(`${line}\n`);
  }, Date.now);
  const service = await failToStart(() => startOrExplain({ ...options, log }, terminal));
  if (service === undefined) return 1;
  if (!signal.aborted) await once(signal, 'abort');
  await service.close();
  return 0;
}

/** Undefined for a callers file that is not right, which is shown where it stands. */
async function startOrExplain(
  options: Options & Pick<DecisionServiceOptions, 'log'>,
  terminal: Terminal,
): Promise<DecisionService | undefined> {
  try {
    return await startDecisionService(options);
  } catch (fault) {
    if (!(fault instanceof JsonRefusal)) throw fault;
    printDiagnostics(terminal, [describeRefusal(fault, readTextFile(options.callers.file))]);
    return undefined;
  }
}

/** What options, files and the network can be, in words; anything else is a fault of ours. */
export async function failToStart<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const isRefused = error instanceof Refusal || error instanceof JsonRefusal || error instanceof FieldFault;
    if (error instanceof RangeError || isRefused) {
      throw new Failure(`the service cannot start: ${error.message}`);
    }
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure(
      `the service cannot start: ${path === undefined ? message : `${path}: ${explainFault(error)}`}`,
    );
  }
}
