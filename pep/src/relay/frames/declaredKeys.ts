// Keys that mean something to readers. Some readers match them loosely: a key that differs from one of them only in case
// or form would be that to them, and nothing to us.
import { foldKey } from '@cardea/schemas/mcp';
import type { JsonObject } from '@cardea/schemas/json';

export interface DeclaredKeys {
  readonly keys: ReadonlySet<string>;
  readonly folds: ReadonlySet<string>;
}

/** Longer keys are none of those declared, whatever they fold to. */
const foldCharactersMax = 64;

export function declareKeys(...keys: readonly string[]): DeclaredKeys {
  return { keys: new Set(keys), folds: new Set(keys.map(foldKey)) };
}

export function holdsFolded(object: JsonObject, declared: DeclaredKeys): boolean {
  for (const key in object) if (isFolded(key, declared)) return true;
  return false;
}

export function isFolded(key: string, { keys, folds }: DeclaredKeys): boolean {
  return !keys.has(key) && key.length <= foldCharactersMax && folds.has(foldKey(key));
}
