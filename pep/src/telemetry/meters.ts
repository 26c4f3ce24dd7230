// What the proxy tells telemetry, and what stands there when it is switched off: nothing is counted, and OpenTelemetry
// is not even loaded.
import type { MetricsSnapshot } from '@cardea/telemetry/metrics';
import type { Report } from './proxyEvent.ts';

export interface ProxyMeters {
  readonly count: Report;
  readonly collect: () => Promise<MetricsSnapshot>;
}

export interface ProxyTracing {
  readonly record: Report;
  /** Sends what is still here. */
  readonly flush: () => Promise<void>;
}

const nothing = (): undefined => undefined;

export const noTracing: ProxyTracing = { record: nothing, flush: () => Promise.resolve() };
