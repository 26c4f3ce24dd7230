// One value of a document in the place of another, and every character around it as it came.

import { spanOfValue } from './locate.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Undefined where the document has no such value. The document is one that the strict parser has accepted, and `literal`
 * is JSON. Throws a Refusal with `invalid_request` for a malformed pointer.
 */
export function replaceValue(
  document: Uint8Array | string,
  pointer: string,
  literal: string,
): string | undefined {
  const text = typeof document === 'string' ? document : decoder.decode(document);
  const span = spanOfValue(text, pointer);
  return span === undefined ? undefined : text.slice(0, span.start) + literal + text.slice(span.end);
}
