// Tag-length-value bytes for digests and cache keys. Injective by construction: every field says its tag, its length,
// its kind and its content, so no two lists of fields share an encoding, and no field can pass for two.
//
//   field   = tag (1 byte) length (4 bytes, big-endian) payload       length counts the payload
//   payload = 00 | 01 bytes | 02 UTF-8 | 03 int64 (8 bytes, big-endian, two's complement) | 04 field*

import { Refusal } from '../codes/refusal.ts';
import { isInt64 } from './exactNumber.ts';
import { requireWellFormed } from './wellFormed.ts';

/** What is not there is a field too: absence never looks like an empty value. */
export type Field = { readonly tag: number } & (
  | { readonly absent: true }
  | { readonly bytes: Uint8Array }
  | { readonly text: string }
  /** A safe integer, or a bigint within 64 bits. */
  | { readonly integer: number | bigint }
  | { readonly list: readonly Field[] }
);

export const encodedBytesMax = 16 * 1024 * 1024;
/** Lists inside one another. */
export const fieldsDepthMax = 32;

export const fieldKinds = { absent: 0, bytes: 1, text: 2, integer: 3, list: 4 } as const;
/** Tag and length. */
export const headerBytes = 5;
export const integerBytes = 8;

const encoder = new TextEncoder();

/**
 * Throws a Refusal: `invalid_text` for lone surrogates, `inexact_number` for integers beyond 64 bits, `too_large` and
 * `too_deep` beyond the limits above, `internal_fault` for a tag that is no byte.
 */
export function encodeFields(fields: readonly Field[]): Uint8Array {
  const writer = new FieldWriter();
  writer.writeAll(fields, 0);
  return writer.finish();
}

class FieldWriter {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  writeAll(fields: readonly Field[], depth: number): void {
    for (const field of fields) this.write(field, depth);
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  private write(field: Field, depth: number): void {
    requireTag(field.tag);
    const headerAt = this.at;
    this.reserve(headerBytes + 1);
    this.at += headerBytes + 1;
    const kind = this.writeContent(field, depth);
    if (this.at > encodedBytesMax) {
      throw new Refusal('too_large', `the fields take more than ${encodedBytesMax} bytes`);
    }
    // Only now is the length known.
    this.view.setUint8(headerAt, field.tag);
    this.view.setUint32(headerAt + 1, this.at - headerAt - headerBytes);
    this.view.setUint8(headerAt + headerBytes, kind);
  }

  private writeContent(field: Field, depth: number): number {
    if ('text' in field) return this.writeText(field.text);
    if ('bytes' in field) return this.writeBytes(field.bytes);
    if ('integer' in field) return this.writeInteger(field.integer);
    if ('list' in field) return this.writeList(field.list, depth + 1);
    return fieldKinds.absent;
  }

  private writeText(text: string): number {
    requireWellFormed(text);
    // A code unit takes at most three bytes in UTF-8.
    this.reserve(text.length * 3);
    this.at += encoder.encodeInto(text, this.bytes.subarray(this.at)).written;
    return fieldKinds.text;
  }

  private writeBytes(bytes: Uint8Array): number {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
    return fieldKinds.bytes;
  }

  private writeInteger(integer: number | bigint): number {
    this.reserve(integerBytes);
    this.view.setBigInt64(this.at, requireInteger(integer));
    this.at += integerBytes;
    return fieldKinds.integer;
  }

  private writeList(list: readonly Field[], depth: number): number {
    if (depth > fieldsDepthMax) {
      throw new Refusal('too_deep', `the fields nest more than ${fieldsDepthMax} levels deep`);
    }
    this.writeAll(list, depth);
    return fieldKinds.list;
  }

  private reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

function requireTag(tag: number): void {
  if (Number.isInteger(tag) && tag >= 0 && tag <= 0xff) return;
  throw new Refusal('internal_fault', `the tag ${tag} is no byte`);
}

function requireInteger(integer: number | bigint): bigint {
  const isExact = typeof integer === 'bigint' ? isInt64(integer) : Number.isSafeInteger(integer);
  if (isExact) return BigInt(integer);
  throw new Refusal('inexact_number', `the integer ${integer} cannot be carried exactly`);
}
