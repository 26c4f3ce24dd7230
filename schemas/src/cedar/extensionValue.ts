// From what JSON carries (numbers, RFC 3339 times, ISO 8601 durations, addresses) to Cedar's extension values. What
// Cedar's constructor would not take, or would take for something else, is an Unrepresentable: the constructor's own
// failure would cost the whole request.

import { isInt64 } from '../json/index.ts';
import { toIpAddress } from './ipAddress.ts';
import type { CedarExtensionName } from './type.ts';
import type { ExtensionValue } from './value.ts';
import { Unrepresentable } from './value.ts';

// Cedar keeps a decimal as a 64-bit count of ten-thousandths and a duration as one of milliseconds.
const decimalDigitsMax = 4;
const datePattern = /^\d{4}-(\d{2})-(\d{2})$/;
// RFC 3339, 5.6; T and Z may be lower case.
const timePattern = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d+))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const durationPattern =
  /^P(?=[\dT])(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$/;
const millisecondDigits = 3;
const weekMs = 604_800_000n;
const dayMs = 86_400_000n;
const hourMs = 3_600_000n;
const minuteMs = 60_000n;
const secondMs = 1_000n;
// A longer text is no time, duration or address that anybody means.
const textCharactersMax = 64;

/** The value as the extension type; never throws. Numbers are for decimal, texts for the others. */
export function toExtensionValue(
  name: CedarExtensionName,
  value: string | number | bigint,
): ExtensionValue | Unrepresentable {
  if (name === 'decimal') return typeof value === 'string' ? misfit('a number') : toDecimal(value);
  if (typeof value !== 'string') return misfit('a text');
  if (value.length > textCharactersMax) return misfit(`a text of at most ${textCharactersMax} characters`);
  switch (name) {
    case 'datetime':
      return toDatetime(value);
    case 'duration':
      return toDuration(value);
    case 'ipaddr':
      return toIpAddress(value);
  }
}

function toDecimal(value: number | bigint): ExtensionValue | Unrepresentable {
  const [whole = '', fraction = ''] = String(value).split('.');
  // Beyond these a number is written with an exponent: larger or finer than any decimal.
  if (!/^-?\d+$/.test(whole) || !/^\d*$/.test(fraction)) return misfit('within the range of decimal');
  if (fraction.length > decimalDigitsMax)
    return misfit(`a number of at most ${decimalDigitsMax} fraction digits`);
  const tenThousandths = BigInt(whole + fraction.padEnd(decimalDigitsMax, '0'));
  if (!isInt64(tenThousandths)) return misfit('within the range of decimal');
  return { __extn: { fn: 'decimal', arg: `${whole}.${fraction === '' ? '0' : fraction}` } };
}

function toDatetime(text: string): ExtensionValue | Unrepresentable {
  const [date = '', ...rest] = text.split(/[Tt]/);
  if (rest.length > 1 || !isDate(date)) return misfit('a date or time of RFC 3339');
  const [time] = rest;
  if (time === undefined) return { __extn: { fn: 'datetime', arg: date } };
  const matched = timePattern.exec(time);
  if (matched === null) return misfit('a date or time of RFC 3339 with its offset and no leap second');
  const [, , fraction = '', offset = ''] = matched;
  const milliseconds = trimMilliseconds(fraction);
  if (milliseconds === undefined) return misfit('a time of whole milliseconds');
  const clock = time.slice(0, 'hh:mm:ss'.length);
  const zone = offset.toUpperCase().replace(':', '');
  return { __extn: { fn: 'datetime', arg: `${date}T${clock}.${milliseconds}${zone}` } };
}

function isDate(text: string): boolean {
  const matched = datePattern.exec(text);
  if (matched === null) return false;
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

// Months and years have no fixed length, so the pattern does not know them.
function toDuration(text: string): ExtensionValue | Unrepresentable {
  const matched = durationPattern.exec(text);
  if (matched === null) return misfit('an ISO 8601 duration of weeks, days and smaller units');
  const [, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = matched;
  const milliseconds = trimMilliseconds(fraction);
  if (milliseconds === undefined) return misfit('a duration of whole milliseconds');
  const total =
    BigInt(weeks) * weekMs +
    BigInt(days) * dayMs +
    BigInt(hours) * hourMs +
    BigInt(minutes) * minuteMs +
    BigInt(seconds) * secondMs +
    BigInt(milliseconds);
  if (!isInt64(total)) return misfit('within the range of duration');
  return { __extn: { fn: 'duration', arg: `${total}ms` } };
}

// Exactly three digits; undefined when more would be needed.
function trimMilliseconds(fraction: string): string | undefined {
  const significant = fraction.replace(/0+$/, '');
  return significant.length > millisecondDigits ? undefined : significant.padEnd(millisecondDigits, '0');
}

function misfit(expected: string): Unrepresentable {
  return new Unrepresentable(`it is not ${expected}`);
}
