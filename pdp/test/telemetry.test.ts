// What an operator sees of the service.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokens } from './client.ts';
import { callOf, mcpSources, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService } from './testService.ts';

const issue = callOf('github/create_issue', { title: 'x' });
let archive: TestArchive;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  await archive.publish(mcpSources);
  archive.keepStating();
});

afterAll(async () => {
  await archive.remove();
});

async function scrape(service: TestService): Promise<string> {
  const headers = { authorization: `Bearer ${tokens.author}` };
  const response = await fetch(`${service.address}/metrics`, { headers });
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return response.text();
}

describe('GET /metrics', () => {
  it('adds up all workers, whichever of them is asked', async () => {
    const service = await TestService.start(archive, { workers: 2 });
    await Promise.all(Array.from({ length: 30 }, () => service.evaluate(issue)));
    await service.evaluate({});
    await service.post('/access/v1/evaluations', { evaluations: [issue, {}] });
    const text = await scrape(service);
    for (const line of [
      'cardea_pdp_decisions_total{verdict="allow",code="allowed"} 31',
      'cardea_pdp_refusals_total{code="invalid_request"} 2',
      'cardea_pdp_decision_duration_seconds_count 31',
      'cardea_pdp_requests_inflight 1',
      'cardea_pdp_instance_replacements_total 0',
      'cardea_pdp_bundle_loads_total{outcome="loaded",code="ok"} 1',
      'cardea_pdp_workers 2',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toMatch(/^cardea_pdp_slice_misses_total [1-9]/m);
    expect(text).toMatch(/^cardea_pdp_authority_lag_seconds [0-9.]+$/m);
    expect(text).toMatch(/^cardea_pdp_bundle_info\{bundle="sha256:[0-9a-f]{64}"\} 1$/m);
    await service.close();
  });

  it('has nothing to say where metrics are off', async () => {
    const service = await TestService.start(archive, { workers: 1, metrics: false });
    await service.evaluate(issue);
    expect(await scrape(service)).not.toMatch(/^cardea/m);
    await service.close();
  });
});

describe('the log', () => {
  it('tells of the service and not of the requests', async () => {
    const service = await TestService.start(archive, { workers: 1 });
    await service.evaluate(issue);
    await service.evaluate('{');
    await service.close();
    expect(service.events.map(({ event }) => event)).toEqual([
      'bundle_loaded',
      'listening',
      'closing',
      'closed',
    ]);
  });
});
