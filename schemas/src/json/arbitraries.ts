// Random values and documents for the property tests of this folder.

import fc from 'fast-check';
import type { JsonValue } from './value.ts';

const trickyKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  '0',
  '10',
  '4294967295',
];

/** Well-formed text over all of Unicode, or text that invites escapes. */
export const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '/', 'u', '0', '\n', '\u0000', '\u2028', 'é', '😀'),
    maxLength: 8,
  }),
);

export const keys = fc.oneof(texts, fc.constantFrom(...trickyKeys));

const wideIntegers = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .filter((integer) => !Number.isSafeInteger(Number(integer)));

const fractions = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((number) => !Number.isInteger(number));

/** Every value that the strict parser can give, in the form in which it gives it. */
export const jsonValues: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false),
    texts,
    fc.maxSafeInteger(),
    wideIntegers,
    fractions,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(keys, tie('value')), { maxLength: 5 }).map(collect),
  ),
})).value;

function collect(members: readonly (readonly [string, JsonValue])[]): JsonValue {
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const [key, value] of members) object[key] = value;
  return object;
}

/** The same text with some of its characters written as escapes. */
export const escapedSpelling = (text: string): fc.Arbitrary<string> =>
  fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map(
    (choices) =>
      `"${text
        .split('')
        .map((unit, at) => spell(unit, choices[at] ?? false))
        .join('')}"`,
  );

function spell(unit: string, isEscaped: boolean): string {
  if (isEscaped || (unit >= '\ud800' && unit <= '\udfff')) {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
  return JSON.stringify(unit).slice(1, -1);
}
