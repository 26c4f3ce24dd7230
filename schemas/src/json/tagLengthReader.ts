// Reads back what `encodeFields` wrote, and nothing else: every byte is accounted for, so that whatever decodes would
// encode to the very same bytes. What comes from a cache is the attacker's until its proof has been checked.

import { Refusal } from '../codes/refusal.ts';
import { narrowInteger } from './exactNumber.ts';
import type { Field } from './tagLength.ts';
import { encodedBytesMax, fieldKinds, fieldsDepthMax, headerBytes, integerBytes } from './tagLength.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Integers are a number where safe, else a bigint; bytes are copies. Throws a Refusal: `invalid_request` for anything
 * that `encodeFields` does not write, `invalid_text`, `too_large` and `too_deep` as there.
 */
export function decodeFields(bytes: Uint8Array): Field[] {
  if (bytes.length > encodedBytesMax) {
    throw new Refusal('too_large', `the fields take more than ${encodedBytesMax} bytes`);
  }
  return readFields(bytes, 0);
}

function readFields(bytes: Uint8Array, depth: number): Field[] {
  if (depth > fieldsDepthMax) {
    throw new Refusal('too_deep', `the fields nest more than ${fieldsDepthMax} levels deep`);
  }
  const view = viewOf(bytes);
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at <= headerBytes) throw malformed('the bytes end within a field');
    const contentAt = at + headerBytes + 1;
    const end = at + headerBytes + view.getUint32(at + 1);
    if (end > bytes.length) throw malformed('a field is longer than the bytes that hold it');
    if (end < contentAt) throw malformed('a field has no kind');
    const content = bytes.subarray(contentAt, end);
    fields.push(readField(view.getUint8(at), view.getUint8(contentAt - 1), content, depth));
    at = end;
  }
  return fields;
}

function readField(tag: number, kind: number, content: Uint8Array, depth: number): Field {
  switch (kind) {
    case fieldKinds.absent:
      if (content.length > 0) throw malformed('an absent field has content');
      return { tag, absent: true };
    case fieldKinds.bytes:
      return { tag, bytes: content.slice() };
    case fieldKinds.text:
      return { tag, text: readText(content) };
    case fieldKinds.integer:
      if (content.length !== integerBytes) throw malformed('an integer does not have eight bytes');
      return { tag, integer: narrowInteger(viewOf(content).getBigInt64(0)) };
    case fieldKinds.list:
      return { tag, list: readFields(content, depth + 1) };
    default:
      throw malformed(`the kind ${kind} is unknown`);
  }
}

function readText(content: Uint8Array): string {
  try {
    return decoder.decode(content);
  } catch (cause) {
    throw new Refusal('invalid_text', 'a text is not UTF-8', { cause });
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function malformed(detail: string): Refusal {
  return new Refusal('invalid_request', `the fields cannot be read: ${detail}`);
}
