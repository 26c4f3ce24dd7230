// What the service tells telemetry, and what stands there when it is switched off: nothing is wrapped, nothing counted,
// and OpenTelemetry is not even loaded.
import type { Code } from '@cardea/schemas/codes';
import type { MetricsSnapshot } from '@cardea/telemetry/metrics';
import type { Decide } from '../decision/decider.ts';
import type { Serve } from '../http/serve.ts';

export interface WorkerMeters {
  readonly measure: (decide: Decide) => Decide;
  readonly countRefusal: (code: Code) => void;
  readonly collect: () => Promise<MetricsSnapshot>;
}

export interface ServiceMeters {
  readonly countLoad: (outcome: 'loaded' | 'failed', code: string) => void;
  readonly countStatement: (outcome: 'accepted' | 'refused', code: string) => void;
  readonly countReplacement: (reason: 'stuck' | 'died') => void;
  readonly collect: () => Promise<MetricsSnapshot>;
}

export interface Tracing {
  readonly trace: (serve: Serve) => Serve;
  /** Sends what is still here. */
  readonly flush: () => Promise<void>;
}

const nothing = (): undefined => undefined;
const noMetrics = (): Promise<MetricsSnapshot> => Promise.resolve([]);

export const noWorkerMeters: WorkerMeters = {
  measure: (decide) => decide,
  countRefusal: nothing,
  collect: noMetrics,
};

export const noServiceMeters: ServiceMeters = {
  countLoad: nothing,
  countStatement: nothing,
  countReplacement: nothing,
  collect: noMetrics,
};

export const noTracing: Tracing = { trace: (serve) => serve, flush: () => Promise.resolve() };
