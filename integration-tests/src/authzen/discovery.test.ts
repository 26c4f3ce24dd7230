// AuthZEN certification, level Discovery: the metadata. Names begin with the section of the scenario.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PointOfDecision, publicUrl } from './pointOfDecision.ts';

let pdp: PointOfDecision;

beforeAll(async () => {
  pdp = await PointOfDecision.start();
});

afterAll(() => pdp.stop());

describe('c-6: the metadata', () => {
  it('c-6-1 to c-6-5: names the service and every endpoint that is there, without asking for a credential', async () => {
    const response = await fetch(`${pdp.address}/.well-known/authzen-configuration`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: `${publicUrl}/access/v1/evaluation`,
      access_evaluations_endpoint: `${publicUrl}/access/v1/evaluations`,
      search_subject_endpoint: `${publicUrl}/access/v1/search/subject`,
      search_resource_endpoint: `${publicUrl}/access/v1/search/resource`,
      search_action_endpoint: `${publicUrl}/access/v1/search/action`,
    });
  });

  it('names only what answers', async () => {
    const response = await fetch(`${pdp.address}/.well-known/authzen-configuration`);
    const metadata = (await response.json()) as Record<string, string>;
    const paths = Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint'));
    const statuses = paths.map(async ([, url]) => (await pdp.post(url.replace(publicUrl, ''), {})).status);
    expect(await Promise.all(statuses)).toEqual(paths.map(() => 400));
  });
});
