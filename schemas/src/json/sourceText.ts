// Bytes to text, before anything is parsed: size, UTF-8 and byte order mark are judged here. What comes out is
// well-formed Unicode, so that every later reader and hash sees the same characters.

import { JsonRefusal, positionAt } from './jsonRefusal.ts';

// `ignoreBOM` keeps a byte order mark in the text, where it can be refused; the default would swallow it.
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

const byteOrderMark = 0xfeff;
const replacement = 0xfffd;

/** Throws a JsonRefusal with `too_large` or `invalid_text`. */
export function readSource(input: Uint8Array | string, bytesMax: number): string {
  requireSize(input, bytesMax);
  const text = typeof input === 'string' ? input : decode(input);
  if (!text.isWellFormed()) {
    throw new JsonRefusal(
      'invalid_text',
      'the text holds a lone surrogate',
      positionAt(text, loneSurrogate(text)),
    );
  }
  if (text.charCodeAt(0) === byteOrderMark) {
    throw new JsonRefusal('invalid_text', 'the document starts with a byte order mark', positionAt(text, 0));
  }
  return text;
}

function requireSize(input: Uint8Array | string, bytesMax: number): void {
  const bytes = typeof input === 'string' ? countBytes(input, bytesMax) : input.byteLength;
  if (bytes <= bytesMax) return;
  // Nothing is known about the inside of what was not read: the refusal points at the start.
  throw new JsonRefusal('too_large', `the document is longer than ${bytesMax} bytes`, positionAt('', 0));
}

/** Exact only where it matters: a code unit takes one to three bytes in UTF-8. */
function countBytes(text: string, bytesMax: number): number {
  if (text.length > bytesMax || text.length * 3 <= bytesMax) return text.length;
  let bytes = 0;
  for (let at = 0; at < text.length; at++) bytes += bytesOf(text.charCodeAt(at));
  return bytes;
}

/** A surrogate is half of a pair, which takes four bytes. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x800 || isSurrogate(unit) ? 2 : 3;
}

function decode(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    const lossy = lossyDecoder.decode(bytes);
    const position = positionAt(lossy, firstReplaced(lossy, bytes));
    throw new JsonRefusal('invalid_text', 'the bytes are not UTF-8', position);
  }
}

/** Where the lossy text has a replacement character that the bytes do not spell out. */
function firstReplaced(lossy: string, bytes: Uint8Array): number {
  let byte = 0;
  for (let at = 0; at < lossy.length; at++) {
    const unit = lossy.charCodeAt(at);
    const spelled = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd;
    if (unit === replacement && !spelled) return at;
    byte += bytesOf(unit);
  }
  return lossy.length;
}

function loneSurrogate(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) ?? 0;
    if (isSurrogate(point)) return at;
    if (point > 0xffff) at += 1;
  }
  return text.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
