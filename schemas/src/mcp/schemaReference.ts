// JSON Schema references within one document. Nothing is ever fetched.

import type { JsonValue } from '../json/index.ts';
import { readPointer } from '../json/index.ts';

/**
 * What `#` or `#/a/b` names in the document; undefined for everything else (another document, an anchor, a pointer
 * to nothing). `$id` moves no base here: a schema that is resolved wrongly denies, since arguments are checked.
 */
export function resolveReference(root: JsonValue, reference: string): JsonValue | undefined {
  if (!reference.startsWith('#')) return undefined;
  try {
    return readPointer(root, decodeURIComponent(reference.slice(1)));
  } catch {
    return undefined;
  }
}
