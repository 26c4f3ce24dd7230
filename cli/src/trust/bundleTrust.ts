// What a command is told to trust, as options that several verbs share.
import type { EngineFile } from '@cardea/bundles';
import type { Profile, Trust } from '@cardea/bundles/open';
import { isDigest, type Digest } from '@cardea/schemas/digest';
import { loadGuardrails } from '../bundle/shippedGuardrails.ts';
import { Failure } from '../frame/failure.ts';
import { suggest } from '../frame/nearest.ts';
import { readVerifierKeys } from './verifierKeys.ts';

export const trustOptions = {
  trust: {
    type: 'text',
    value: 'KEY|FILE',
    many: true,
    required: true,
    description: 'a publisher whose bundles to trust: a verifier key, or a file of them',
  },
  organisation: {
    type: 'text',
    value: 'ID',
    required: true,
    description: 'whose bundles: the organisation in their cardea.json',
  },
  profile: {
    type: 'text',
    value: 'NAME',
    default: 'mcp',
    description: 'mcp, or plain for bundles over a Cedar schema of their own',
  },
  engine: {
    type: 'text',
    value: 'DIGEST',
    many: true,
    description: 'an archived engine to run, beside the one that is installed',
  },
} as const;

interface TrustValues {
  readonly trust: readonly string[];
  readonly organisation: string;
  readonly profile: string;
  readonly engine: readonly string[];
}

/** With the pinned guardrails of this product. Throws Failure for words that are none of what they should be. */
export async function readTrust(options: TrustValues, installed: EngineFile): Promise<Trust> {
  const { trust, organisation, engine } = options;
  const profile = readProfile(options.profile);
  return {
    verifiers: readVerifierKeys(trust),
    organisation,
    profile,
    engines: new Set([installed.digest, ...engine.map(readDigest)]),
    guardrails: await loadGuardrails(profile, installed),
  };
}

/** As bundles are named, or the digits alone. */
export function readDigest(word: string): Digest {
  const digest = word.startsWith('sha256:') ? word : `sha256:${word}`;
  if (isDigest(digest)) return digest;
  throw new Failure(`"${word}" is no digest`, 'a digest is sha256: and 64 hexadecimal digits in lower case');
}

/** Whether a word that may also be a folder is meant as a digest. */
export function isDigestWord(word: string): boolean {
  return /^(?:sha256:.*|[0-9a-f]{64})$/.test(word);
}

function readProfile(word: string): Profile {
  const profiles: readonly Profile[] = ['mcp', 'plain'];
  const profile = profiles.find((known) => known === word);
  if (profile !== undefined) return profile;
  throw new Failure(`--profile is mcp or plain, not "${word}"`, suggest(word, profiles));
}
