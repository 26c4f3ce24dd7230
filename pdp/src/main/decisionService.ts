// Starts the decision service.
import { availableParallelism } from 'node:os';
import { noServiceMeters, type ServiceMeters } from '../telemetry/meters.ts';
import { workersMax, type DecisionServiceOptions } from './options.ts';
import { Supervisor } from './supervisor.ts';

export interface DecisionService {
  /** Where it listens, as a URL. */
  readonly address: string;
  /** Stops accepting, lets what runs come to its end, and resolves when nothing is left. */
  readonly close: () => Promise<void>;
}

const hostDefault = '127.0.0.1';

/**
 * Resolves when every worker listens: with the current bundle in service, or, where there is none, answering that it
 * is not ready. Rejects where it cannot listen, where the callers file is not right, and for options out of range.
 */
export async function startDecisionService(options: DecisionServiceOptions): Promise<DecisionService> {
  const supervisor = new Supervisor({
    ...options,
    workers: countWorkers(options.workers),
    host: options.host ?? hostDefault,
    log: options.log ?? (() => undefined),
    meters: await composeMeters(options),
  });
  try {
    await supervisor.start();
  } catch (fault) {
    await supervisor.close();
    throw fault;
  }
  let closing: Promise<void> | undefined;
  return { address: supervisor.address, close: () => (closing ??= supervisor.close()) };
}

/** Only Linux balances connections between listeners on one port. */
function countWorkers(wanted = availableParallelism()): number {
  if (!Number.isSafeInteger(wanted) || wanted < 1) throw new RangeError('workers must be a positive integer');
  return process.platform === 'linux' ? Math.min(wanted, workersMax) : 1;
}

/** What is off is not even loaded. */
async function composeMeters({
  metrics = true,
}: DecisionServiceOptions): Promise<(of: Supervisor) => ServiceMeters> {
  if (!metrics) return () => noServiceMeters;
  const { createServiceMeters } = await import('../telemetry/serviceMeters.ts');
  return (supervisor) =>
    createServiceMeters({
      bundle: () => supervisor.bundle,
      authorityLagMs: () => supervisor.authorityLagMs(),
      workers: () => supervisor.workers,
    });
}
