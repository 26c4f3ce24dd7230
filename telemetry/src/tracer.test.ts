import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTracer } from './tracer.ts';

let collector: Server;
let sent = '';

beforeAll(async () => {
  collector = createServer((request, response) => {
    request.on('data', (chunk) => (sent += String(chunk)));
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
});

afterAll(() => {
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  collector.close();
});

it('sends what has ended, as it was told, under the name of its service', async () => {
  const tracer = createTracer('cardea-test');
  const startMs = Date.parse('2026-11-20T12:00:00Z');
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  tracer.begin({ name: 'never ended', attributes: {}, traceparent });
  const end = tracer.begin({ name: 'one', attributes: { a: 1 }, traceparent, startMs });
  end({ attributes: { b: 'two' }, failed: true, endMs: startMs + 500 });
  await tracer.flush();
  const { resourceSpans } = JSON.parse(sent) as { resourceSpans: readonly object[] };
  expect(resourceSpans).toMatchObject([
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cardea-test' } }] },
      scopeSpans: [
        {
          spans: [
            {
              name: 'one',
              traceId: '0af7651916cd43dd8448eb211c80319c',
              parentSpanId: 'b7ad6b7169203331',
              startTimeUnixNano: `${startMs}000000`,
              endTimeUnixNano: `${startMs + 500}000000`,
              attributes: [
                { key: 'a', value: { intValue: 1 } },
                { key: 'b', value: { stringValue: 'two' } },
              ],
              status: { code: 2 },
            },
          ],
        },
      ],
    },
  ]);
});
