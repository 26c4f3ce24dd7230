// Traces, where an OTLP endpoint is configured by the standard variables (which the exporter reads itself). A span is in
// the trace that its caller's header names, and holds what the service puts into it and nothing else.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

export type Attributes = Readonly<Record<string, string | number>>;

export interface SpanStart {
  readonly name: string;
  readonly attributes: Attributes;
  /** The header as it came (W3C Trace Context). */
  readonly traceparent: string | string[] | undefined;
  /** In wall-clock milliseconds, for what is told when it is over. */
  readonly startMs?: number;
}

export interface SpanEnd {
  readonly attributes: Attributes;
  readonly failed: boolean;
  readonly endMs?: number;
}

export interface Tracer {
  /** Returns what ends the span. */
  readonly begin: (start: SpanStart) => (end: SpanEnd) => void;
  /** Sends what is still here, and ends. */
  readonly flush: () => Promise<void>;
}

/** W3C Trace Context, 3.2: version 00, and no id of zeros only. */
const traceparentPattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export function createTracer(service: string): Tracer {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer(service);
  return {
    begin: ({ name, attributes, traceparent, startMs }) => {
      const time = startMs === undefined ? {} : { startTime: startMs };
      const options = { kind: SpanKind.SERVER, attributes, ...time };
      const span = tracer.startSpan(name, options, readTraceparent(traceparent));
      return (end) => {
        span.setAttributes(end.attributes);
        if (end.failed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end(end.endMs);
      };
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
