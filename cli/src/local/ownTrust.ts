// What a service trusts where everything is signed with keys of one state folder.
import type { EngineFile } from '@cardea/bundles';
import type { Manifest, Trust } from '@cardea/bundles/open';
import { loadGuardrails } from '../bundle/shippedGuardrails.ts';
import type { StateFolder } from './stateFolder.ts';

export async function trustOwn(
  state: StateFolder,
  { organisation, profile }: Pick<Manifest, 'organisation' | 'profile'>,
  engine: EngineFile,
): Promise<Trust> {
  return {
    verifiers: [state.key('publisher').verifier],
    organisation,
    profile,
    engines: new Set([engine.digest]),
    guardrails: await loadGuardrails(profile, engine),
  };
}
