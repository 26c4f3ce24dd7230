// What a decision service is started with. Composed by whoever starts it; nothing here reads the environment.
import type { BundleSource, Trust } from '@cardea/bundles/open';
import type { FloorStore } from '@cardea/bundles/authority';
import type { Verifier } from '@cardea/schemas/note';
import type { WireCaller } from '@cardea/schemas/wire';
import type { TlsFiles } from '../http/server.ts';
import type { ServiceLimits } from '../limits.ts';
import type { Log } from '../telemetry/log.ts';

export interface DecisionServiceOptions {
  /** The archive: bundles, and the statement of which one is current. */
  readonly source: BundleSource;
  readonly trust: Trust;
  readonly authority: {
    readonly verifiers: readonly Verifier[];
    /** Beyond this age everything is denied: 5 to 300 s. */
    readonly staleMs?: number;
    /** Keeps what was seen over restarts. */
    readonly floors?: FloorStore;
  };
  /** The callers, or the file that lists them: a change of the file takes effect without a restart. */
  readonly callers: readonly WireCaller[] | { readonly file: string };
  readonly host?: string;
  /** 0: any that is free. */
  readonly port?: number;
  /** A socket that only this user can open, for the caller marked `socket`. */
  readonly unixSocket?: string;
  readonly tls?: TlsFiles;
  /** The address that callers know the service by, for its metadata: https, without a slash at its end. */
  readonly publicUrl?: string;
  /** Threads that decide; elsewhere than on Linux always one. */
  readonly workers?: number;
  /** How often the archive and the callers file are looked at. */
  readonly pollMs?: number;
  readonly limits?: Partial<ServiceLimits>;
  readonly metrics?: boolean;
  /** Sends traces to where the standard OTEL_EXPORTER_OTLP variables say. */
  readonly traces?: boolean;
  readonly log?: Log;
}

export const pollMsDefault = 250;

/** Threads of one service; each holds an engine and its compiled policies. */
export const workersMax = 128;
