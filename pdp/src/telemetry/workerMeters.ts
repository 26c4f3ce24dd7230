// What a worker counts. Names are stable: dashboards and alerts are written against them.
import type { Code } from '@cardea/schemas/codes';
import { createMetricsSource, type ObservableResult } from '@cardea/telemetry/metrics';
import type { WorkerMeters } from './meters.ts';

/** Seconds: a decision takes a tenth of a millisecond, and at two seconds its worker is replaced. */
const durationBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2];

export interface WorkerGauges {
  /** Requests between their headers and the end of their answers. */
  readonly inflight: () => number;
  /** Since the worker began, over all bundles. */
  readonly engine: () => { readonly sliceMisses: number; readonly instanceReplacements: number };
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

export function createWorkerMeters({ inflight, engine, now }: WorkerGauges): WorkerMeters {
  const { meter, collect } = createMetricsSource('cardea-pdp');
  const decisions = new DecisionCounts();
  meter
    .createObservableCounter('cardea_pdp_decisions', { description: 'Decisions by verdict and code.' })
    .addCallback((result) => {
      decisions.observe(result);
    });
  const refusals = meter.createCounter('cardea_pdp_refusals', { description: 'Refused requests by code.' });
  const duration = meter.createHistogram('cardea_pdp_decision_duration_seconds', {
    description: 'From the parsed request to its decision.',
    advice: { explicitBucketBoundaries: durationBoundaries },
  });
  meter
    .createObservableUpDownCounter('cardea_pdp_requests_inflight', { description: 'Requests under way.' })
    .addCallback((result) => {
      result.observe(inflight());
    });
  meter
    .createObservableCounter('cardea_pdp_slice_misses', {
      description: 'Candidate slices that had to be built.',
    })
    .addCallback((result) => {
      result.observe(engine().sliceMisses);
    });
  meter
    .createObservableCounter('cardea_pdp_instance_replacements', {
      description: 'Engine instances given up.',
    })
    .addCallback((result) => {
      result.observe(engine().instanceReplacements);
    });
  return {
    measure: (decide) => (evaluation, caller, serving) => {
      const startMs = now();
      const decision = decide(evaluation, caller, serving);
      duration.record((now() - startMs) / 1_000);
      decisions.add(decision.context.verdict, decision.context.code);
      return decision;
    },
    countRefusal: (code) => {
      refusals.add(1, { code });
    },
    collect,
  };
}

/** Counted here and read on demand: a counter with attributes hashes them for every decision. */
class DecisionCounts {
  readonly #counts = new Map<Code, { readonly verdict: string; count: number }>();

  /** A code belongs to one verdict. */
  add(verdict: string, code: Code): void {
    const entry = this.#counts.get(code);
    if (entry === undefined) this.#counts.set(code, { verdict, count: 1 });
    else entry.count += 1;
  }

  observe(result: ObservableResult): void {
    for (const [code, { verdict, count }] of this.#counts) result.observe(count, { verdict, code });
  }
}
