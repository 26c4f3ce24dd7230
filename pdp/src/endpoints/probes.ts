// GET /healthz, /readyz and /metrics: for whoever runs the service.
import { answerJson, type Endpoint } from '../http/call.ts';
import type { Services } from './services.ts';

/** Prometheus' text format, 0.0.4. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export function probeEndpoints({ state, supervisor }: Services): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      kind: 'open',
      handle: () => answerJson({ ok: true }),
    },
    {
      method: 'GET',
      path: '/readyz',
      kind: 'open',
      handle: () => {
        const readiness = state.readiness();
        return answerJson(readiness, readiness.ready ? 200 : 503);
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      kind: 'guarded',
      // It tells how much others ask, and what of it is denied.
      callers: ['proxy', 'author'],
      handle: async () => ({
        kind: 'whole',
        status: 200,
        type: metricsType,
        body: await supervisor.scrape(),
      }),
    },
  ];
}
