// What the steps report, to whoever listens: metrics, traces, the log. What is off is not even loaded.
import type { Report } from '../telemetry/proxyEvent.ts';
import type { Log } from '../telemetry/log.ts';
import { noTracing, type ProxyTracing } from '../telemetry/meters.ts';
import type { ProxyGauges } from '../telemetry/proxyMeters.ts';
import type { ProxyOptions } from './options.ts';

export interface Telemetry {
  readonly report: Report;
  /** Prometheus text; absent where metrics are off. */
  readonly scrape?: () => Promise<string>;
  readonly flush: () => Promise<void>;
}

export async function composeTelemetry(
  { metrics, traces = false }: Pick<ProxyOptions, 'metrics' | 'traces'>,
  gauges: ProxyGauges,
  log: Log,
): Promise<Telemetry> {
  const counted = metrics === undefined ? undefined : await composeMetrics(gauges);
  const tracing = traces ? await composeTracing() : noTracing;
  return {
    report: (event) => {
      counted?.count(event);
      tracing.record(event);
      if (event.kind === 'process') log({ event: 'server_process', server: event.server, what: event.what });
      if (event.kind === 'fault')
        log({ event: 'internal_fault', requestId: event.requestId, message: event.message });
    },
    ...(counted === undefined ? {} : { scrape: counted.scrape }),
    flush: tracing.flush,
  };
}

async function composeMetrics(
  gauges: ProxyGauges,
): Promise<{ readonly count: Report; readonly scrape: () => Promise<string> }> {
  const { createProxyMeters } = await import('../telemetry/proxyMeters.ts');
  const { writePrometheusText } = await import('@cardea/telemetry/prometheus');
  const { count, collect } = createProxyMeters(gauges);
  return { count, scrape: async () => writePrometheusText('cardea-pep', [await collect()]) };
}

async function composeTracing(): Promise<ProxyTracing> {
  const { createProxyTracing } = await import('../telemetry/proxyTracing.ts');
  return createProxyTracing();
}
