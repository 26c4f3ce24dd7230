// GET /v1/bundles/current and /v1/bundles/{digest}: what decides here, and what a bundle consists of.
import { isDigest } from '@cardea/schemas/digest';
import { Refusal } from '@cardea/schemas/codes';
import { callerClasses } from '../callers/caller.ts';
import { answerJson, jsonType, type Endpoint } from '../http/call.ts';
import type { Services } from './services.ts';

export function bundleEndpoints({ state, supervisor }: Services): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/v1/bundles/current',
      kind: 'guarded',
      callers: callerClasses,
      handle: () => answerJson(state.serving.summary),
    },
    {
      method: 'GET',
      path: '/v1/bundles/:digest',
      kind: 'guarded',
      // Manifests name every policy.
      callers: ['proxy', 'author'],
      handle: async ({ params: { digest } }) => {
        const body = isDigest(digest) ? await supervisor.readManifest(digest) : undefined;
        if (body === undefined) throw new Refusal('not_found', 'the archive has no bundle of this digest');
        // The bytes that the digest is of.
        return { kind: 'whole', status: 200, type: jsonType, body };
      },
    },
  ];
}
