// What changes from one bundle to another, by name. Which verdicts change is for whoever has both engines at hand.

import { digestOf } from '@cardea/schemas/digest';
import { canonicalBytes } from '@cardea/schemas/json';
import { qualifyName, type Catalog } from '@cardea/schemas/mcp';
import type { OpenedBundle } from './open/openBundle.ts';

/** Names, each list sorted. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface BundleDiff {
  readonly files: Difference;
  /** By id; a policy that moved to another file is unchanged. */
  readonly policies: Difference;
  /** By qualified name; any change of definition or review counts. */
  readonly tools: Difference;
  readonly servers: Difference;
  readonly engineChanged: boolean;
}

export function diffBundles(before: OpenedBundle, after: OpenedBundle): BundleDiff {
  return {
    files: compare(before.manifest.files, after.manifest.files),
    policies: compare(before.manifest.policies, after.manifest.policies),
    tools: compare(digestTools(before.catalogs), digestTools(after.catalogs)),
    servers: compare(digestServers(before.catalogs), digestServers(after.catalogs)),
    engineChanged: before.manifest.engine.digest !== after.manifest.engine.digest,
  };
}

type Digests = Readonly<Record<string, string>>;

function compare(before: Digests, after: Digests): Difference {
  const has = (digests: Digests, name: string): boolean => Object.hasOwn(digests, name);
  const earlier = Object.keys(before).sort();
  return {
    added: Object.keys(after)
      .filter((name) => !has(before, name))
      .sort(),
    removed: earlier.filter((name) => !has(after, name)),
    changed: earlier.filter((name) => has(after, name) && before[name] !== after[name]),
  };
}

function digestTools(catalogs: readonly Catalog[]): Digests {
  const tools = catalogs.flatMap(({ server, tools }) =>
    tools.map((tool): [string, string] => [
      qualifyName(server.id, tool.name),
      digestOf(canonicalBytes(tool)),
    ]),
  );
  return Object.fromEntries(tools);
}

function digestServers(catalogs: readonly Catalog[]): Digests {
  return Object.fromEntries(catalogs.map(({ server }) => [server.id, digestOf(canonicalBytes(server))]));
}
