// The program of a service process: starts a decision service as its parent describes it, reports what it logs, and
// says how much memory it holds when it is asked.
import { DirectoryArchive } from '@cardea/bundles';
import { FloorFile } from '@cardea/bundles/authority';
import type { Profile } from '@cardea/bundles/open';
import { startDecisionService, type LogEvent, type ServiceLimits } from '@cardea/pdp';
import type { Digest } from '@cardea/schemas/digest';
import { parseVerifierKey } from '@cardea/schemas/note';
import type { WireCaller } from '@cardea/schemas/wire';

/** What a service is started with, as plain data. */
export interface ServiceOrder {
  readonly archive: string;
  readonly organisation: string;
  readonly profile: Profile;
  /** Verifier keys as text. */
  readonly publishers: readonly string[];
  readonly authorities: readonly string[];
  readonly engines: readonly Digest[];
  readonly guardrails: readonly (readonly [string, Digest])[];
  readonly callers: readonly WireCaller[];
  readonly staleMs?: number;
  readonly floorFile?: string;
  readonly pollMs: number;
  readonly workers: number;
  readonly limits?: Partial<ServiceLimits>;
}

export type FromService =
  | { readonly kind: 'started'; readonly address: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'log'; readonly event: LogEvent }
  | { readonly kind: 'memory'; readonly rssBytes: number };

export type ToService =
  { readonly kind: 'start'; readonly order: ServiceOrder } | { readonly kind: 'measure' };

const report = (message: FromService): void => {
  process.send?.(message);
};

process.on('message', (message: ToService) => {
  if (message.kind === 'measure') report({ kind: 'memory', rssBytes: process.memoryUsage.rss() });
  else void start(message.order);
});

// Whoever started this is gone: nobody would ever stop it.
process.on('disconnect', () => process.exit());

async function start(order: ServiceOrder): Promise<void> {
  try {
    const service = await startDecisionService({
      source: new DirectoryArchive(order.archive),
      trust: {
        verifiers: order.publishers.map(parseVerifierKey),
        organisation: order.organisation,
        profile: order.profile,
        engines: new Set(order.engines),
        guardrails: new Map(order.guardrails),
      },
      authority: {
        verifiers: order.authorities.map(parseVerifierKey),
        ...(order.staleMs === undefined ? {} : { staleMs: order.staleMs }),
        ...(order.floorFile === undefined ? {} : { floors: new FloorFile(order.floorFile) }),
      },
      callers: order.callers,
      pollMs: order.pollMs,
      workers: order.workers,
      ...(order.limits === undefined ? {} : { limits: order.limits }),
      log: (event) => {
        report({ kind: 'log', event });
      },
    });
    process.once('SIGTERM', () => {
      void service.close().then(() => {
        process.disconnect();
      });
    });
    report({ kind: 'started', address: service.address });
  } catch (fault) {
    report({ kind: 'failed', message: String(fault) });
    process.disconnect();
  }
}
