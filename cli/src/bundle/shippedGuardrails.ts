// The guardrails that ship with the product: the pins that every bundle of profile `mcp` is held to.
import { fileURLToPath } from 'node:url';
import { pinGuardrails, type EngineFile } from '@cardea/bundles';
import type { Guardrails, Profile } from '@cardea/bundles/open';

export const guardrailsFolder = fileURLToPath(new URL('../../../policies/guardrails', import.meta.url));

/** Profile `plain` knows no tools, so it has none. */
export async function loadGuardrails(profile: Profile, engine: EngineFile): Promise<Guardrails> {
  return profile === 'mcp' ? pinGuardrails(guardrailsFolder, engine) : new Map();
}
