// GET /.well-known/authzen-configuration (AuthZEN 1.0, 9): what is here, so that nobody has to guess.
import type { WireMetadata } from '@cardea/schemas/wire';
import { answerJson, type Endpoint } from '../http/call.ts';
import type { Services } from './services.ts';

export function metadataEndpoint({ state, publicUrl }: Services): Endpoint {
  return {
    method: 'GET',
    path: '/.well-known/authzen-configuration',
    kind: 'open',
    handle: () => {
      const base = publicUrl();
      const metadata: WireMetadata = {
        policy_decision_point: base,
        access_evaluation_endpoint: `${base}/access/v1/evaluation`,
        access_evaluations_endpoint: `${base}/access/v1/evaluations`,
        search_resource_endpoint: `${base}/access/v1/search/resource`,
        search_action_endpoint: `${base}/access/v1/search/action`,
      };
      const hasSubjects = state.serving.mapping.searchesSubjects;
      return answerJson(
        hasSubjects ? { ...metadata, search_subject_endpoint: `${base}/access/v1/search/subject` } : metadata,
      );
    },
  };
}
