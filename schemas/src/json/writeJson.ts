// Compact JSON that the strict parser reads back as the same value.

import { Refusal } from '../codes/refusal.ts';
import { type NumberReading, writeInt64 } from './exactNumber.ts';
import type { JsonForm } from './serialise.ts';
import { serialise } from './serialise.ts';
import type { JsonValue } from './value.ts';

const exact: JsonForm = { orderKeys: (keys) => keys, writeNumber, writeInteger: writeInt64 };
const any: JsonForm = { ...exact, writeNumber: String, writeInteger: String };

/**
 * Keys stand in insertion order (JavaScript puts those that are array indexes first), bigints as exact digits. Throws
 * a Refusal as `serialise` says; a number beyond the safe integers is `inexact_number`, since it may have been rounded
 * already: such integers are bigints. Nothing finite is refused for what was read with the same `any`.
 */
export function writeJson(value: JsonValue, numbers: NumberReading = 'exact'): string {
  return serialise(value, numbers === 'any' ? any : exact);
}

function writeNumber(number: number): string {
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    throw new Refusal('inexact_number', `the number ${number} is beyond the safe integers and no bigint`);
  }
  // The sign of -0 is lost here, as the parser loses it.
  return String(number);
}
