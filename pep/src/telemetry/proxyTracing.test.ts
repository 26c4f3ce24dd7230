import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createProxyTracing } from './proxyTracing.ts';

let collector: Server;
let sent = '';

beforeAll(async () => {
  collector = createServer((request, response) => {
    request.on('data', (chunk) => (sent += String(chunk)));
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] =
    `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});

afterAll(() => {
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  collector.close();
});

it('makes a span of each operation, in the trace of its client', async () => {
  const tracing = createProxyTracing();
  tracing.record({ kind: 'refused', code: 'unauthenticated' });
  tracing.record({
    kind: 'operation',
    server: 'desk',
    method: 'tools/call',
    tool: 'desk/read_ticket',
    protocol: '2025-11-25',
    session: 's-1',
    requestId: '7',
    startMs: Date.parse('2026-11-20T12:00:00.000Z'),
    endMs: Date.parse('2026-11-20T12:00:00.004Z'),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    httpStatus: 200,
    error: 'forbidden',
  });
  await tracing.flush();
  const { resourceSpans } = JSON.parse(sent) as {
    resourceSpans: {
      scopeSpans: { spans: { name: string; traceId: string; attributes: { key: string }[] }[] }[];
    }[];
  };
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  expect(spans).toMatchObject([
    { name: 'tools/call desk/read_ticket', traceId: '0af7651916cd43dd8448eb211c80319c', status: { code: 2 } },
  ]);
  expect(spans[0]?.attributes.map(({ key }) => key).sort()).toEqual([
    'cardea.server',
    'error.type',
    'gen_ai.operation.name',
    'gen_ai.tool.name',
    'http.response.status_code',
    'jsonrpc.request.id',
    'mcp.method.name',
    'mcp.protocol.version',
    'mcp.session.id',
    'network.transport',
  ]);
});
