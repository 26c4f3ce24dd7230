// What the proxy counts. Names are stable: dashboards and alerts are written against them. That of the histogram is
// OpenTelemetry's for MCP servers.
import type { Code } from '@cardea/schemas/codes';
import { createMetricsSource, type ObservableResult } from '@cardea/telemetry/metrics';
import type { ProxyMeters } from './meters.ts';
import { describeOperation, type Operation } from './operation.ts';
import type { ProxyEvent } from './proxyEvent.ts';

/** Seconds: a call costs the proxy less than a millisecond, and its tool up to minutes. */
const durationBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300];

export interface ProxyGauges {
  readonly inflight: () => number;
  readonly bundle: () => string | undefined;
  readonly authorityLagMs: () => number;
  readonly problems: () => readonly { readonly code: string }[];
}

export function createProxyMeters(gauges: ProxyGauges): ProxyMeters {
  const { meter, collect } = createMetricsSource('cardea-pep');
  const decisions = new DecisionCounts();
  const observe = (name: string, description: string, callback: (result: ObservableResult) => void): void => {
    meter.createObservableGauge(name, { description }).addCallback(callback);
  };
  meter
    .createObservableCounter('cardea_pep_decisions', {
      description: 'Decisions by verdict, code, and where the verdict came from.',
    })
    .addCallback((result) => {
      decisions.observe(result);
    });
  const duration = meter.createHistogram('mcp.server.operation.duration', {
    description: 'From a request to the end of its answer.',
    unit: 's',
    advice: { explicitBucketBoundaries: durationBoundaries },
  });
  const withheld = meter.createCounter('cardea_pep_withheld', { description: 'What answers did not show.' });
  const refusals = meter.createCounter('cardea_pep_refusals', {
    description: 'Requests refused before a decision, by code.',
  });
  const tokens = meter.createCounter('cardea_pep_tokens_refused', {
    description: 'Tokens of identity providers that were not taken, by reason.',
  });
  const shared = meter.createCounter('cardea_pep_shared_cache', {
    description: 'What was looked for and left in the shared cache, and what came of it.',
  });
  const faults = meter.createCounter('cardea_pep_faults', { description: 'Faults of the proxy itself.' });
  const processes = meter.createCounter('cardea_pep_processes', {
    description: 'What became of servers that the proxy has started, by server and what it was.',
  });
  observe('cardea_pep_requests_inflight', 'Requests under way.', (result) => {
    result.observe(gauges.inflight());
  });
  observe('cardea_pep_authority_lag_seconds', 'Age of the authority statement.', (result) => {
    result.observe(gauges.authorityLagMs() / 1_000);
  });
  observe('cardea_pep_bundle_info', 'The bundle in use, as a label.', (result) => {
    const bundle = gauges.bundle();
    if (bundle !== undefined) result.observe(1, { bundle });
  });
  observe('cardea_pep_problems', 'What readiness reports, by code.', (result) => {
    for (const { code } of gauges.problems()) result.observe(1, { code });
  });
  const count = (event: ProxyEvent): void => {
    switch (event.kind) {
      case 'operation':
        duration.record(secondsOf(event), describeOperation(event).attributes);
        return;
      case 'decision':
        decisions.add(event);
        return;
      case 'withheld':
        withheld.add(event.count, { server: event.server, what: event.what });
        return;
      case 'process':
        processes.add(1, { server: event.server, what: event.what });
        return;
      case 'refused':
        refusals.add(1, { code: event.code });
        return;
      case 'shared':
        shared.add(1, { what: event.what, deed: event.deed, outcome: event.outcome });
        return;
      case 'token_refused':
        tokens.add(1, { reason: event.reason });
        return;
      case 'fault':
        faults.add(1);
    }
  };
  return { count, collect };
}

function secondsOf({ startMs, endMs }: Operation): number {
  // A clock that was set back meanwhile.
  return Math.max(0, endMs - startMs) / 1_000;
}

type Decision = Extract<ProxyEvent, { kind: 'decision' }>;

/** Counted here and read on demand: a counter with attributes hashes them for every decision. */
class DecisionCounts {
  readonly #counts = {
    cache: new Map<Code, { readonly verdict: string; count: number }>(),
    shared: new Map<Code, { readonly verdict: string; count: number }>(),
    service: new Map<Code, { readonly verdict: string; count: number }>(),
  };

  /** A code belongs to one verdict. */
  add({ verdict, code, source }: Decision): void {
    const entry = this.#counts[source].get(code);
    if (entry === undefined) this.#counts[source].set(code, { verdict, count: 1 });
    else entry.count += 1;
  }

  observe(result: ObservableResult): void {
    for (const source of ['cache', 'shared', 'service'] as const) {
      for (const [code, { verdict, count }] of this.#counts[source])
        result.observe(count, { verdict, code, source });
    }
  }
}
