// What a proxy is started with. Composed by whoever starts it; nothing here reads the environment by itself.
import type { FloorStore } from '@cardea/bundles/authority';
import type { BundleSource, Trust } from '@cardea/bundles/open';
import type { Verifier } from '@cardea/schemas/note';
import type { ProxyConfig } from '../config/proxyConfig.ts';
import type { Log } from '../telemetry/log.ts';

export interface ProxyOptions {
  readonly config: ProxyConfig;
  /** The archive of bundles. */
  readonly source: BundleSource;
  /** Of the profile `mcp`. */
  readonly trust: Trust;
  readonly authority: {
    readonly verifiers: readonly Verifier[];
    /** Beyond this age everything is denied: 5 to 300 s. */
    readonly staleMs?: number;
    /** Keeps what was seen over restarts. */
    readonly floors?: FloorStore;
  };
  /** The grants file: a change takes effect without a restart. */
  readonly grants: string;
  /** Where secrets of the form `env:NAME` come from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where metrics and probes are shown beside the listener for clients; off if absent. */
  readonly metrics?: { readonly host: string; readonly port: number };
  /** Sends traces to where the standard OTEL_EXPORTER_OTLP variables say. */
  readonly traces?: boolean;
  /** How often files are looked at: at most a second. */
  readonly pollMs?: number;
  readonly log?: Log;
}

export const pollMsDefault = 250;
export const pollMsMax = 1_000;

/** Throws RangeError. */
export function requireOptions({ trust, pollMs = pollMsDefault }: ProxyOptions): void {
  if (trust.profile !== 'mcp') throw new RangeError('a proxy serves bundles of the profile mcp');
  if (!(pollMs > 0 && pollMs <= pollMsMax)) throw new RangeError(`pollMs may be ${pollMsMax}`);
}
