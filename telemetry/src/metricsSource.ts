// Metrics that are read on demand, and only then: each thread keeps its own, whoever is scraped adds them up.
import { MeterProvider, MetricReader, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Meter } from '@opentelemetry/api';

export type { ObservableResult } from '@opentelemetry/api';

/** What one thread has counted: plain data, which travels between threads. */
export type MetricsSnapshot = readonly MetricData[];

class OnDemandReader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}

export interface MetricsSource {
  readonly meter: Meter;
  readonly collect: () => Promise<MetricsSnapshot>;
}

export function createMetricsSource(service: string): MetricsSource {
  const reader = new OnDemandReader();
  const provider = new MeterProvider({ readers: [reader] });
  return {
    meter: provider.getMeter(service),
    collect: async () => {
      const { resourceMetrics } = await reader.collect();
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
    },
  };
}
