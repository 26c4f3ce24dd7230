// A span for each operation, in the client's trace. Arguments and results are never in it.
import { createTracer } from '@cardea/telemetry/traces';
import type { ProxyTracing } from './meters.ts';
import { describeOperation, type Operation } from './operation.ts';

export function createProxyTracing(): ProxyTracing {
  const tracer = createTracer('cardea-pep');
  return {
    record: (event) => {
      if (event.kind !== 'operation') return;
      const { name, attributes } = describeOperation(event);
      const { traceparent, startMs, endMs, error } = event;
      const end = tracer.begin({ name, attributes, traceparent, startMs });
      end({ attributes: detailsOf(event), failed: error !== undefined, endMs });
    },
    flush: tracer.flush,
  };
}

/** What is of too many values for a metric. */
function detailsOf({
  server,
  protocol,
  session,
  requestId,
  httpStatus,
}: Operation): Record<string, string | number> {
  return {
    'cardea.server': server,
    'network.transport': 'tcp',
    'http.response.status_code': httpStatus,
    ...(protocol === undefined ? {} : { 'mcp.protocol.version': protocol }),
    ...(session === undefined ? {} : { 'mcp.session.id': session }),
    ...(requestId === undefined ? {} : { 'jsonrpc.request.id': requestId }),
  };
}
