// The sum of what all threads have counted, as Prometheus reads it.
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { DataPointType, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import type { MetricsSnapshot } from './metricsSource.ts';

export function writePrometheusText(service: string, snapshots: readonly MetricsSnapshot[]): string {
  const metrics = [...Map.groupBy(snapshots.flat(), ({ descriptor }) => descriptor.name).values()].map(addUp);
  const resource = resourceFromAttributes({ 'service.name': service });
  const scopeMetrics = [{ scope: { name: service }, metrics }];
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the same enums, from the exporter's own copy of the SDK
  return serializer.serialize({ resource, scopeMetrics });
}

/** Snapshots of one metric that no thread will count on with: a worker's that is gone. */
export function addSnapshots(snapshots: readonly MetricsSnapshot[]): MetricsSnapshot {
  return [...Map.groupBy(snapshots.flat(), ({ descriptor }) => descriptor.name).values()].map(addUp);
}

function addUp(metrics: readonly MetricData[]): MetricData {
  const [first] = metrics as [MetricData, ...MetricData[]];
  const points = metrics.flatMap(({ dataPoints }) => dataPoints as readonly DataPoint<number | Histogram>[]);
  const groups = Map.groupBy(points, ({ attributes }) => JSON.stringify(Object.entries(attributes).sort()));
  const dataPoints = [...groups.values()].map((group) =>
    group.reduce((sum, point) => ({ ...sum, value: addValues(sum.value, point.value) })),
  );
  return { ...first, dataPoints } as MetricData;
}

function addValues(one: number | Histogram, other: number | Histogram): number | Histogram {
  if (typeof one === 'number') return one + (other as number);
  const { buckets, count, sum = 0 } = other as Histogram;
  return {
    count: one.count + count,
    sum: (one.sum ?? 0) + sum,
    buckets: {
      boundaries: one.buckets.boundaries,
      counts: one.buckets.counts.map((inBucket, index) => inBucket + (buckets.counts[index] ?? 0)),
    },
  };
}

/** What must not be added up over time: gauges of a worker that is gone count for nothing. */
export function keepCounters(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.filter(
    (metric) =>
      metric.dataPointType === DataPointType.HISTOGRAM ||
      (metric.dataPointType === DataPointType.SUM && metric.isMonotonic),
  );
}
