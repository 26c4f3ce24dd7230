// What a receiver knows beforehand and never from the archive: whose signatures count, which engines may run, and
// which policies no bundle may lack.

import type { Digest } from '@cardea/schemas/digest';
import type { Verifier } from '@cardea/schemas/note';
import { BundleRefusal } from './bundleRefusal.ts';
import type { Manifest, Profile } from './manifest.ts';

export interface Trust {
  readonly verifiers: readonly Verifier[];
  readonly organisation: string;
  readonly profile: Profile;
  /** Digests of the engines that may run here. */
  readonly engines: ReadonlySet<Digest>;
  readonly guardrails: Guardrails;
}

/** Pinned policies: the digest of each one's exact text, by id. */
export type Guardrails = ReadonlyMap<string, Digest>;

/** Throws BundleRefusal. Signatures are checked before: here the manifest is what a trusted publisher wrote. */
export function requireTrusted(manifest: Manifest, trust: Trust): void {
  if (manifest.organisation !== trust.organisation) {
    throw new BundleRefusal('bundle_foreign', `this bundle belongs to ${manifest.organisation}`);
  }
  if (manifest.profile !== trust.profile) {
    throw new BundleRefusal('bundle_foreign', `this bundle is made for the profile ${manifest.profile}`);
  }
  if (!trust.engines.has(manifest.engine.digest)) {
    throw new BundleRefusal('bundle_untrusted_engine', `no trust in the engine ${manifest.engine.digest}`);
  }
  const [missing] = missingGuardrails(manifest, trust.guardrails);
  if (missing !== undefined) {
    throw new BundleRefusal('bundle_missing_guardrail', `the guardrail ${missing} is missing or changed`);
  }
}

/** Ids of the pinned policies that the manifest does not list with their exact text, sorted. */
export function missingGuardrails(
  { policies, profile }: Pick<Manifest, 'policies' | 'profile'>,
  guardrails: Guardrails,
): string[] {
  // INVARIANT: profile mcp always has guardrails. An empty list is a mistake in composition, not consent.
  if (profile === 'mcp' && guardrails.size === 0) return ['(none is pinned)'];
  const isKept = (id: string, digest: Digest): boolean =>
    Object.hasOwn(policies, id) && policies[id] === digest;
  return [...guardrails].flatMap(([id, digest]) => (isKept(id, digest) ? [] : [id])).sort();
}
