// What the supervisor counts: bundles, authority, workers.
import { createMetricsSource } from '@cardea/telemetry/metrics';
import type { ServiceMeters } from './meters.ts';

export interface ServiceGauges {
  readonly bundle: () => string | undefined;
  readonly authorityLagMs: () => number;
  readonly workers: () => number;
}

export function createServiceMeters({ bundle, authorityLagMs, workers }: ServiceGauges): ServiceMeters {
  const { meter, collect } = createMetricsSource('cardea-pdp');
  const loads = meter.createCounter('cardea_pdp_bundle_loads', {
    description: 'Bundles loaded or refused, by code.',
  });
  const statements = meter.createCounter('cardea_pdp_authority_statements', {
    description: 'Authority statements accepted or refused, by code.',
  });
  const replacements = meter.createCounter('cardea_pdp_worker_replacements', {
    description: 'Workers replaced because they were stuck or died.',
  });
  meter
    .createObservableGauge('cardea_pdp_bundle_info', { description: 'The bundle in service, as a label.' })
    .addCallback((result) => {
      const current = bundle();
      if (current !== undefined) result.observe(1, { bundle: current });
    });
  meter
    .createObservableGauge('cardea_pdp_authority_lag_seconds', {
      description: 'Age of the authority statement.',
    })
    .addCallback((result) => {
      result.observe(authorityLagMs() / 1_000);
    });
  meter
    .createObservableGauge('cardea_pdp_workers', { description: 'Workers that serve.' })
    .addCallback((result) => {
      result.observe(workers());
    });
  return {
    countLoad: (outcome, code) => {
      loads.add(1, { outcome, code });
    },
    countStatement: (outcome, code) => {
      statements.add(1, { outcome, code });
    },
    countReplacement: (reason) => {
      replacements.add(1, { reason });
    },
    collect,
  };
}
