// What supervisor and workers say to each other. Everything here is plain data: it is copied from thread to thread.
import type { WireBundle, WireCaller } from '@cardea/schemas/wire';
import type { MetricsSnapshot } from '@cardea/telemetry/metrics';
import type { PackedBundle } from '../compiler/packedBundle.ts';
import type { TlsFiles } from '../http/server.ts';
import type { ServiceLimits } from '../limits.ts';
import type { Authority } from '../serving/standing.ts';
import type { Problem } from '../serving/state.ts';
import type { LogEvent } from '../telemetry/log.ts';

/** A worker's `workerData`: what does not change while it lives. */
export interface WorkerBoot {
  readonly index: number;
  readonly heartbeats: SharedArrayBuffer;
  readonly limits: ServiceLimits;
  readonly tls?: TlsFiles | undefined;
  readonly publicUrl?: string | undefined;
  readonly metrics: boolean;
  readonly traces: boolean;
}

/** A verified bundle, compiled as far as it can be shared. */
export interface LoadedBundle {
  readonly digest: string;
  readonly packed: PackedBundle;
  readonly summary: WireBundle;
}

export interface ListenAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Whether other workers listen on the same port. */
  readonly shared: boolean;
  readonly unixSocket?: string | undefined;
}

export type ToWorker =
  | { readonly kind: 'load'; readonly bundle: LoadedBundle }
  | { readonly kind: 'authority'; readonly authority: Authority }
  | { readonly kind: 'callers'; readonly callers: readonly WireCaller[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'listen'; readonly address: ListenAddress }
  | { readonly kind: 'collect'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: string | Uint8Array | undefined }
  | { readonly kind: 'drain' };

export type FromWorker =
  | { readonly kind: 'loaded'; readonly bundle: string }
  | { readonly kind: 'failed'; readonly bundle: string; readonly message: string }
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'collected'; readonly id: number; readonly snapshot: MetricsSnapshot }
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  | { readonly kind: 'log'; readonly event: LogEvent }
  | { readonly kind: 'drained' };

export type Question =
  /** Prometheus text over all workers. */
  | { readonly kind: 'scrape' }
  /** The manifest of a bundle in the archive. */
  | { readonly kind: 'manifest'; readonly digest: string };
