// What an entry is about, as bytes: everything that a verdict, or the list of what it reads, can depend on. Two questions
// have the same bytes exactly if they agree on all of it; the key of an entry is their digest.
import { sha256Bytes } from '@cardea/schemas/digest';
import { canonicalBytes, canonicalJson, encodeFields, type Field } from '@cardea/schemas/json';
import type { Identity } from '../../identify/identity.ts';
import type { Target } from '../../resolve/target.ts';
import type { ReadPaths } from '../fingerprint.ts';
import type { SharedQuestion } from './sharedVerdicts.ts';

const domains = {
  verdict: 'cardea/shared/verdict/1',
  paths: 'cardea/shared/paths/1',
  identity: 'cardea/shared/identity/1',
  pathList: 'cardea/shared/path-list/1',
} as const;

/** In the order of the fields: tags never change their meaning within a domain. */
const tags = {
  domain: 0,
  organisation: 1,
  bundle: 2,
  server: 3,
  principal: 4,
  grant: 5,
  action: 6,
  resourceType: 7,
  resourceId: 8,
  dependsOn: 9,
  projection: 10,
} as const;

/** Undefined where the verdict reads more than can be named. */
export function writeVerdictSubject(
  organisation: string,
  { bundle, about, facts }: SharedQuestion,
  paths: ReadPaths,
): Uint8Array | undefined {
  const { sorted, digest } = sortPaths(paths);
  const projection: Field[] = [];
  for (const { pointer, path } of sorted) {
    const [family] = path;
    if (family === undefined) return undefined;
    // Whole already, by their digests.
    if (family === 'grant' || family === 'agent') continue;
    const { depth, value } = facts.at(path);
    projection.push(
      { tag: 0, text: pointer },
      { tag: 1, integer: depth },
      value === undefined ? { tag: 2, absent: true } : { tag: 2, text: canonicalJson(value) },
    );
  }
  const { grant } = digestIdentity(about.identity);
  return encodeFields([
    { tag: tags.domain, text: domains.verdict },
    ...writeTuple(organisation, bundle, about),
    paths.families.includes('grant') ? { tag: tags.grant, bytes: grant } : { tag: tags.grant, absent: true },
    { tag: tags.dependsOn, bytes: digest },
    { tag: tags.projection, list: projection },
  ]);
}

/** What a verdict can read depends on who asks about what, and on no fact and no grant. */
export function writePathsSubject(organisation: string, { bundle, about }: SharedQuestion): Uint8Array {
  return encodeFields([
    { tag: tags.domain, text: domains.paths },
    ...writeTuple(organisation, bundle, about),
  ]);
}

/** The server whose key seals the entry. */
export function serverOf({ id }: Target): string {
  const end = id.indexOf('/');
  return end === -1 ? id : id.slice(0, end);
}

function writeTuple(
  organisation: string,
  bundle: string,
  { identity, target }: SharedQuestion['about'],
): Field[] {
  return [
    { tag: tags.organisation, text: organisation },
    { tag: tags.bundle, text: bundle },
    { tag: tags.server, text: serverOf(target) },
    { tag: tags.principal, bytes: digestIdentity(identity).principal },
    { tag: tags.action, text: target.method },
    { tag: tags.resourceType, text: target.type },
    { tag: tags.resourceId, text: target.id },
  ];
}

interface IdentityDigests {
  /** Of person and agent, with all that is known of them. */
  readonly principal: Uint8Array;
  readonly grant: Uint8Array;
}

const digestsKnown = new WeakMap<Identity, IdentityDigests>();

/** Of the very words that the decision service is told. */
function digestIdentity(identity: Identity): IdentityDigests {
  const known = digestsKnown.get(identity);
  if (known !== undefined) return known;
  const { subject, agent, grant } = identity.words;
  const digest = (...words: Uint8Array[]): Uint8Array =>
    sha256Bytes(
      encodeFields([
        { tag: 0, text: domains.identity },
        ...words.map((bytes, at): Field => ({ tag: at + 1, bytes })),
      ]),
    );
  const digests = {
    principal: digest(canonicalBytes(subject), canonicalBytes(agent)),
    grant: digest(canonicalBytes(grant)),
  };
  digestsKnown.set(identity, digests);
  return digests;
}

interface SortedPaths {
  readonly sorted: readonly { readonly pointer: string; readonly path: readonly string[] }[];
  readonly digest: Uint8Array;
}

const pathsKnown = new WeakMap<ReadPaths, SortedPaths>();

function sortPaths(paths: ReadPaths): SortedPaths {
  const known = pathsKnown.get(paths);
  if (known !== undefined) return known;
  const sorted = paths.pointers
    .map((pointer, at) => ({ pointer, path: paths.paths[at] ?? [] }))
    .sort((left, right) => (left.pointer < right.pointer ? -1 : 1));
  const fields = sorted.map(({ pointer }): Field => ({ tag: 1, text: pointer }));
  const digest = sha256Bytes(encodeFields([{ tag: 0, text: domains.pathList }, ...fields]));
  pathsKnown.set(paths, { sorted, digest });
  return { sorted, digest };
}
