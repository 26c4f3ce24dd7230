// Text on its way into bytes. TextEncoder turns a lone surrogate into U+FFFD, so that two texts would be written, and
// hashed, alike; it is refused before that.

import { Refusal } from '../codes/refusal.ts';
import { quoteExcerpt } from './excerpt.ts';

const encoder = new TextEncoder();

/** Returns the text, or throws a Refusal with `invalid_text`. */
export function requireWellFormed(text: string): string {
  if (text.isWellFormed()) return text;
  throw new Refusal('invalid_text', `the text ${quoteExcerpt(text)} holds a lone surrogate`);
}

/** UTF-8 that no other text has. Throws as `requireWellFormed` does. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(requireWellFormed(text));
}
