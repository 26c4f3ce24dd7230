// A decision service from its start to its last answer.
import { once } from 'node:events';
import { FieldFault } from '@cardea/bundles';
import { createLog, startDecisionService, type DecisionServiceOptions } from '@cardea/pdp';
import { Refusal } from '@cardea/schemas/codes';
import { JsonRefusal } from '@cardea/schemas/json';
import { Failure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import { explainFault } from '../project/fileFault.ts';

/** Resolves when the signal has aborted and nothing is left. Throws Failure where it cannot start. */
export async function runDecisionService(
  options: DecisionServiceOptions,
  terminal: Pick<Terminal, 'err'>,
  signal: AbortSignal,
): Promise<void> {
  const log = createLog((line) => {
    terminal.err(`${line}\n`);
  }, Date.now);
  const service = await failToStart(() => startDecisionService({ ...options, log }));
  if (!signal.aborted) await once(signal, 'abort');
  await service.close();
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
