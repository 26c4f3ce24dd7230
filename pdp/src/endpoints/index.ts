// Every address of the service, in one place.
import type { Endpoint } from '../http/call.ts';
import { authorityStreamEndpoint } from './authorityStream.ts';
import { bundleEndpoints } from './bundles.ts';
import { dependsEndpoint } from './depends.ts';
import { discoverEndpoint } from './discover.ts';
import { evaluationEndpoint } from './evaluation.ts';
import { evaluationsEndpoint } from './evaluations.ts';
import { explainEndpoint } from './explain.ts';
import { metadataEndpoint } from './metadata.ts';
import { probeEndpoints } from './probes.ts';
import { searchEndpoints } from './search.ts';
import type { Services } from './services.ts';

/** What proxies ask for on the path of a call, and what whoever runs the service asks for every few seconds. */
export const hotPaths: ReadonlySet<string> = new Set([
  '/access/v1/evaluation',
  '/access/v1/evaluations',
  '/v1/depends',
  '/v1/discover',
  '/healthz',
  '/readyz',
  '/metrics',
]);

export function createEndpoints(services: Services): Endpoint[] {
  return [
    evaluationEndpoint(services),
    evaluationsEndpoint(services),
    dependsEndpoint(services),
    discoverEndpoint(services),
    ...searchEndpoints(services),
    explainEndpoint(services),
    ...bundleEndpoints(services),
    authorityStreamEndpoint(services),
    metadataEndpoint(services),
    ...probeEndpoints(services),
  ];
}
