import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../http/call.ts';
import type { Exchange } from '../http/serve.ts';
import { createTracing } from './tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

interface SentSpan {
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string }[];
}

let collector: Server;
const received: string[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      received.push(body);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
});

afterAll(() => {
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  collector.close();
});

/** The span that is sent for one request with this header. */
async function traceOf(traceparent: string | undefined): Promise<SentSpan> {
  received.length = 0;
  const tracing = createTracing();
  const exchange = {
    endpoint: { method: 'POST', path: '/access/v1/evaluation' } as Endpoint,
    request: { headers: { traceparent, authorization: 'Bearer secret' } } as unknown as IncomingMessage,
    response: { statusCode: 200 } as unknown as ServerResponse,
  } as Exchange;
  await tracing.trace(() => Promise.resolve())(exchange);
  await tracing.flush();
  const sent = JSON.parse(received.join('')) as {
    resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
  };
  return sent.resourceSpans[0]?.scopeSpans[0]?.spans[0] as SentSpan;
}

describe('createTracing', () => {
  it("puts the span into the caller's trace, and nothing of the request but its route", async () => {
    const span = await traceOf(`00-${traceId}-${spanId}-01`);
    expect(span).toMatchObject({ traceId, parentSpanId: spanId, name: 'POST /access/v1/evaluation' });
    expect(span.attributes.map(({ key }) => key).sort()).toEqual([
      'http.request.method',
      'http.response.status_code',
      'http.route',
    ]);
    expect(received.join('')).not.toContain('secret');
  });

  it.each([
    ['no header', undefined],
    ['another version', `01-${traceId}-${spanId}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['text', 'hello'],
  ])('begins a trace of its own for %s', async (_, header) => {
    const span = await traceOf(header);
    expect(span.traceId).not.toBe(traceId);
    expect(span.parentSpanId ?? '').toBe('');
  });
});
