// Traces, where an OTLP endpoint is configured by the standard variables (which the exporter reads itself). A span per
// request, in the caller's trace; nothing of a request but its route is in it.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Tracing } from './meters.ts';

/** W3C Trace Context, 3.2: version 00, and no id of zeros only. */
const traceparentPattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export function createTracing(): Tracing {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'cardea-pdp' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('cardea-pdp');
  return {
    trace: (serve) => async (exchange) => {
      const { endpoint, request, response } = exchange;
      const attributes = { 'http.request.method': endpoint.method, 'http.route': endpoint.path };
      const parent = readTraceparent(request.headers['traceparent']);
      const span = tracer.startSpan(
        `${endpoint.method} ${endpoint.path}`,
        { kind: SpanKind.SERVER, attributes },
        parent,
      );
      try {
        await serve(exchange);
      } finally {
        span.setAttribute('http.response.status_code', response.statusCode);
        if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      }
    },
    flush: () => provider.shutdown(),
  };
}

function readTraceparent(header: string | string[] | undefined): Context {
  const matched = typeof header === 'string' ? traceparentPattern.exec(header) : null;
  if (matched === null) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = ''] = matched;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}
