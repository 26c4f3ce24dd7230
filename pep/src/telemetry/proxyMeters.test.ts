import { describe, expect, it } from '@jest/globals';
import { writePrometheusText } from '@cardea/telemetry/prometheus';
import { describeOperation, type Operation } from './operation.ts';
import type { ProxyEvent } from './proxyEvent.ts';
import { createProxyMeters } from './proxyMeters.ts';

const operation: Operation = {
  kind: 'operation',
  server: 'desk',
  method: 'tools/call',
  tool: 'desk/read_ticket',
  startMs: 1_000,
  endMs: 1_004,
  httpStatus: 200,
};

async function textOf(events: readonly ProxyEvent[]): Promise<string[]> {
  const meters = createProxyMeters({
    inflight: () => 3,
    bundle: () => undefined,
    authorityLagMs: () => 250,
    problems: () => [{ code: 'grants_refused' }],
  });
  events.forEach(meters.count);
  const text = writePrometheusText('cardea-pep', [await meters.collect()]);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('createProxyMeters', () => {
  it('counts under names that stay', async () => {
    const decided = { kind: 'decision', verdict: 'allow', code: 'allowed' } as const;
    const lines = await textOf([
      { ...decided, source: 'cache' },
      { ...decided, source: 'cache' },
      { ...decided, source: 'service' },
      { ...decided, source: 'shared' },
      { kind: 'shared', what: 'verdict', deed: 'lookup', outcome: 'hit' },
      { kind: 'shared', what: 'verdict', deed: 'lookup', outcome: 'forged' },
      { kind: 'withheld', server: 'desk', what: 'tool', count: 4 },
      { kind: 'refused', code: 'unauthenticated' },
      { kind: 'fault', requestId: '', message: 'x' },
    ]);
    expect(lines).toEqual([
      'cardea_pep_decisions_total{verdict="allow",code="allowed",source="cache"} 2',
      'cardea_pep_decisions_total{verdict="allow",code="allowed",source="shared"} 1',
      'cardea_pep_decisions_total{verdict="allow",code="allowed",source="service"} 1',
      'cardea_pep_withheld_total{server="desk",what="tool"} 4',
      'cardea_pep_refusals_total{code="unauthenticated"} 1',
      'cardea_pep_shared_cache_total{what="verdict",deed="lookup",outcome="hit"} 1',
      'cardea_pep_shared_cache_total{what="verdict",deed="lookup",outcome="forged"} 1',
      'cardea_pep_faults_total 1',
      'cardea_pep_requests_inflight 3',
      'cardea_pep_authority_lag_seconds 0.25',
      'cardea_pep_problems{code="grants_refused"} 1',
    ]);
  });

  it('measures operations as OpenTelemetry names them, and never less than nothing', async () => {
    const lines = await textOf([operation, { ...operation, endMs: 0, error: 'forbidden' }]);
    const labels =
      'mcp_method_name="tools/call",gen_ai_tool_name="desk/read_ticket",gen_ai_operation_name="execute_tool"';
    expect(lines).toContain(`mcp_server_operation_duration_sum{${labels}} 0.004`);
    expect(lines).toContain(`mcp_server_operation_duration_sum{${labels},error_type="forbidden"} 0`);
  });
});

describe('describeOperation', () => {
  it.each([
    [operation, 'tools/call desk/read_ticket', { 'mcp.method.name': 'tools/call' }],
    [
      { ...operation, method: 'tools/list', tool: undefined as never },
      'tools/list',
      { 'mcp.method.name': 'tools/list' },
    ],
    [
      { ...operation, method: 'made/up', tool: undefined as never },
      '_OTHER',
      { 'mcp.method.name': '_OTHER' },
    ],
    [
      { ...operation, method: '__proto__', tool: undefined as never },
      '_OTHER',
      { 'mcp.method.name': '_OTHER' },
    ],
  ])('names no more than what there is: %#', (described, name, attributes) => {
    expect(describeOperation(described)).toMatchObject({ name, attributes });
  });
});
