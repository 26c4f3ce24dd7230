// The walk that both writers share. It trusts no type: a value that JSON has no form for is refused rather than
// dropped or replaced, as JSON.stringify would.

import { Refusal } from '../codes/refusal.ts';
import { depthCeiling } from './limits.ts';
import type { JsonObject, JsonValue } from './value.ts';
import { requireWellFormed } from './wellFormed.ts';

// Printable ASCII but the quote and the backslash.
const plainText = /^[ !#-[\]-~]*$/;

/** What a writer decides for itself. */
export interface JsonForm {
  readonly orderKeys: (keys: string[]) => readonly string[];
  /** Takes finite numbers only. */
  readonly writeNumber: (number: number) => string;
  readonly writeInteger: (integer: bigint) => string;
}

/**
 * Throws a Refusal: `inexact_number` for numbers that are not finite or that the form refuses, `invalid_text` for lone
 * surrogates, `too_deep` for cycles too, and `internal_fault` for what is no JSON at all, which is our mistake.
 */
export function serialise(value: JsonValue | undefined, form: JsonForm, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return writeText(value);
    case 'number':
      return writeFinite(value, form);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return form.writeInteger(value);
    case 'object':
      return serialiseContainer(value, form, depth + 1);
    case 'undefined':
    case 'function':
    case 'symbol':
      throw new Refusal('internal_fault', `a value of type ${typeof value} cannot be written as JSON`);
  }
}

function serialiseContainer(
  value: readonly JsonValue[] | JsonObject | null,
  form: JsonForm,
  depth: number,
): string {
  if (value === null) return 'null';
  if (depth > depthCeiling) {
    throw new Refusal(
      'too_deep',
      `a value that nests more than ${depthCeiling} levels deep cannot be written`,
    );
  }
  return Array.isArray(value)
    ? serialiseArray(value as readonly JsonValue[], form, depth)
    : serialiseObject(value as JsonObject, form, depth);
}

// By index, so that the holes of a sparse array are met and refused.
function serialiseArray(array: readonly JsonValue[], form: JsonForm, depth: number): string {
  let text = '[';
  for (let at = 0; at < array.length; at++) {
    if (at > 0) text += ',';
    text += serialise(array[at], form, depth);
  }
  return `${text}]`;
}

function serialiseObject(object: JsonObject, form: JsonForm, depth: number): string {
  if (!isPlain(object)) throw new Refusal('internal_fault', 'only plain objects can be written as JSON');
  let text = '';
  for (const key of form.orderKeys(Object.keys(object))) {
    text += text === '' ? '{' : ',';
    text += `${writeText(key)}:${serialise(object[key], form, depth)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Without a prototype, or with the one that ends every chain, of whichever realm: no Map, Date or class. */
function isPlain(object: JsonObject): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Most text needs no escape, and finding that out takes half the time of JSON.stringify. */
function writeText(text: string): string {
  return plainText.test(text) ? `"${text}"` : JSON.stringify(requireWellFormed(text));
}

function writeFinite(number: number, form: JsonForm): string {
  if (Number.isFinite(number)) return form.writeNumber(number);
  throw new Refusal('inexact_number', `${number} has no form in JSON`);
}
