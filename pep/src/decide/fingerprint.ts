// The whole of what a verdict can depend on, as one text: the key under which it may be found again. Nothing is left
// out that could change the verdict, and no two questions that differ share a text.
import { parsePointer, writeJson, type JsonValue } from '@cardea/schemas/json';
import type { CallFacts } from '../facts/callFacts.ts';
import type { Identity } from '../identify/identity.ts';
import type { Target } from '../resolve/target.ts';

/** Longer ones are not kept: callers choose the values in them. */
const fingerprintCharactersMax = 8_192;

/** What is asked, whatever the facts: it decides which facts count. */
export function writeTuple(bundle: string, identity: Identity, target: Target): string {
  const { method, type, id } = target;
  return measured(bundle) + measured(identity.digest) + measured(method) + measured(type) + measured(id);
}

/** The paths that a verdict reads, taken apart once. */
export interface ReadPaths {
  readonly pointers: readonly string[];
  readonly paths: readonly (readonly string[])[];
  readonly families: readonly string[];
}

export function readPaths(pointers: readonly string[]): ReadPaths {
  const paths = pointers.map(parsePointer);
  const families = paths.map(([family]) => family ?? '').filter((family) => family !== 'input');
  return { pointers, paths, families: [...new Set(families)].sort() };
}

/** Undefined where the verdict reads more than can be named. Identity and grant are in the tuple already. */
export function writeFingerprint(tuple: string, { paths }: ReadPaths, facts: CallFacts): string | undefined {
  let text = tuple;
  for (const path of paths) {
    const [family] = path;
    if (family === undefined) return undefined;
    if (family === 'grant' || family === 'agent') continue;
    const { depth, value } = facts.at(path);
    text += `${depth}${value === undefined ? '-' : `=${measured(writeValue(value))}`}`;
    if (text.length > fingerprintCharactersMax) return undefined;
  }
  return text;
}

function writeValue(value: JsonValue): string {
  return typeof value === 'string' ? `"${value}` : writeJson(value);
}

/** A length in front, so that no two lists of texts run into the same. */
function measured(text: string): string {
  return `${text.length}:${text}`;
}
