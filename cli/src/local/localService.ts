// The signer and the decision service of one machine, in one process: nothing is left behind however it ends.
import { FloorFile, signAuthority } from '@cardea/bundles/authority';
import type { Trust } from '@cardea/bundles/open';
import { startDecisionService, type Log } from '@cardea/pdp';
import { failToStart } from '../service/runDecisionService.ts';
import type { StateFolder } from './stateFolder.ts';

export interface LocalOptions {
  readonly trust: Trust;
  readonly host: string;
  readonly port: number;
  readonly callers: string;
  readonly log: Log;
  /** One for each core if not given. */
  readonly workers?: number;
  readonly onSignerFault: (fault: unknown) => void;
}

export interface LocalService {
  readonly address: string;
  /** Lets running requests come to their end. */
  readonly close: () => Promise<void>;
}

/** Throws Failure where the service cannot start. */
export async function startLocally(
  state: StateFolder,
  { trust, host, port, callers, log, workers, onSignerFault }: LocalOptions,
): Promise<LocalService> {
  const authority = state.key('authority');
  const stop = new AbortController();
  const { promise: stated, resolve: onIssued } = Promise.withResolvers<unknown>();
  const signing = signAuthority(
    {
      archive: state.archive,
      organisation: trust.organisation,
      signer: authority,
      publishers: trust.verifiers,
      now: Date.now,
      onFault: onSignerFault,
      onIssued,
    },
    stop.signal,
  );
  try {
    // The service comes up with what is current, and ready.
    await Promise.race([stated, signing]);
    const service = await failToStart(() =>
      startDecisionService({
        source: state.archive,
        trust,
        authority: { verifiers: [authority.verifier], floors: new FloorFile(state.path('floor.json')) },
        callers: { file: callers },
        host,
        port,
        log,
        ...(workers === undefined ? {} : { workers }),
      }),
    );
    const close = async (): Promise<void> => {
      await service.close();
      stop.abort();
      await signing;
    };
    return { address: service.address, close };
  } catch (fault) {
    stop.abort();
    await signing;
    throw fault;
  }
}
