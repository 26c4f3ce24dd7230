// What a JSON number literal denotes. Where policies read it, exactly or not at all: a value that a double would round
// could pass a policy that forbids the number written. Where nobody decides by it, as near as can be carried.

import { Refusal } from '../codes/refusal.ts';

/** `exact` refuses what cannot be carried exactly; `any` takes the nearest, for documents that no policy reads. */
export type NumberReading = 'exact' | 'any';

/** Far above the 25 characters that any double needs; below what would make the arithmetic here worth attacking. */
export const numberCharactersMax = 100;

// A decimal of up to 15 significant digits survives the way to a double and back (IEEE 754, DBL_DIG).
const digitsSurelyExact = 15;
const int64DigitsMax = 19;
const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

/**
 * Takes a literal of the JSON grammar. Integers within 64 bits, however written (`1.0`, `1e2`), are a number where
 * that is safe and a bigint beyond; a fraction is a number when the double's shortest form denotes the same decimal.
 * Undefined when neither holds. Zero has no sign.
 */
export function readExactNumber(literal: string): number | bigint | undefined {
  const { negative, digits, exponent } = splitDecimal(literal);
  if (digits === '') return 0;
  if (exponent < 0) return readFraction(literal, digits, exponent);
  if (digits.length + exponent > int64DigitsMax) return undefined;
  const magnitude = BigInt(digits + '0'.repeat(exponent));
  const integer = negative ? -magnitude : magnitude;
  return isInt64(integer) ? narrowInteger(integer) : undefined;
}

/**
 * Takes any literal of the JSON grammar: exact where `readExactNumber` is, and for integers of up to
 * `numberCharactersMax` digits, which are bigints; else the nearest finite double.
 */
export function readNearestNumber(literal: string): number | bigint {
  if (literal.length > numberCharactersMax) return nearestDouble(literal);
  return readExactNumber(literal) ?? readWideInteger(literal) ?? nearestDouble(literal);
}

function readWideInteger(literal: string): bigint | undefined {
  const { negative, digits, exponent } = splitDecimal(literal);
  if (exponent < 0 || digits.length + exponent > numberCharactersMax) return undefined;
  const magnitude = BigInt(digits + '0'.repeat(exponent));
  return negative ? -magnitude : magnitude;
}

function nearestDouble(literal: string): number {
  const number = Number(literal);
  // Adding zero takes the sign off -0.
  return Math.min(Math.max(number, -Number.MAX_VALUE), Number.MAX_VALUE) + 0;
}

export function isInt64(integer: bigint): boolean {
  return integer >= int64Min && integer <= int64Max;
}

/** Throws a Refusal with `inexact_number` beyond 64 bits. */
export function writeInt64(integer: bigint): string {
  if (isInt64(integer)) return integer.toString();
  throw new Refusal('inexact_number', 'an integer beyond 64 bits cannot be written');
}

/** The one form of an integer in a JsonValue: a number where that is safe, else a bigint. */
export function narrowInteger(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

function readFraction(literal: string, digits: string, exponent: number): number | undefined {
  const number = Number(literal);
  if (digits.length <= digitsSurelyExact && exponent >= -digitsSurelyExact) return number;
  const shortest = splitDecimal(String(number));
  return shortest.digits === digits && shortest.exponent === exponent ? number : undefined;
}

interface Decimal {
  readonly negative: boolean;
  /** The significant digits, without zeros at either end; empty for zero. */
  readonly digits: string;
  /** Of the last digit: the value is digits times ten to the exponent. */
  readonly exponent: number;
}

// Two literals denote the same value exactly when their splits are equal.
function splitDecimal(literal: string): Decimal {
  const negative = literal.startsWith('-');
  const [mantissa = '', power = '0'] = literal.slice(negative ? 1 : 0).split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const trimmed = all.replace(/0+$/, '');
  const exponent = Number(power) - fraction.length + (all.length - trimmed.length);
  return { negative, digits: trimmed.replace(/^0+/, ''), exponent };
}
