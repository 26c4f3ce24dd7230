// A span for each request, in the caller's trace; nothing of a request but its route is in it.
import { createTracer } from '@cardea/telemetry/traces';
import type { Tracing } from './meters.ts';

export function createTracing(): Tracing {
  const tracer = createTracer('cardea-pdp');
  return {
    trace: (serve) => async (exchange) => {
      const { endpoint, request, response } = exchange;
      const end = tracer.begin({
        name: `${endpoint.method} ${endpoint.path}`,
        attributes: { 'http.request.method': endpoint.method, 'http.route': endpoint.path },
        traceparent: request.headers['traceparent'],
      });
      try {
        await serve(exchange);
      } finally {
        const { statusCode } = response;
        end({ attributes: { 'http.response.status_code': statusCode }, failed: statusCode >= 500 });
      }
    },
    flush: tracer.flush,
  };
}
