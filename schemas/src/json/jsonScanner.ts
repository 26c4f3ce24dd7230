// A cursor over the text that reads strings, numbers and words. It is on the path of every call, hence the integer
// comparisons, the slices instead of built strings, and positions that are computed only for a refusal. Every
// character is the attacker's.

import type { Code } from '../codes/codes.ts';
import {
  numberCharactersMax,
  readExactNumber,
  readNearestNumber,
  type NumberReading,
} from './exactNumber.ts';
import { quoteExcerpt } from './excerpt.ts';
import { JsonRefusal, positionAt } from './jsonRefusal.ts';

export const endOfText = -1;

const space = 0x20;
const quote = 0x22;
const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const upperE = 0x45;
const backslash = 0x5c;
const lowerE = 0x65;

// A literal of this length without an exponent has at most 15 significant digits, and those a double carries
// exactly.
const plainCharactersMax = 15;

const escapes = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** Each reader starts at its first character and leaves the cursor behind its last, or throws a JsonRefusal. */
export class JsonScanner {
  at = 0;
  private readonly text: string;
  private readonly end: number;
  private readonly numbers: NumberReading;

  constructor(text: string, numbers: NumberReading = 'exact') {
    this.text = text;
    this.end = text.length;
    this.numbers = numbers;
  }

  /** Moves past white space and says which code unit stands there, or `endOfText`. */
  skipSpace(): number {
    let code = this.code();
    while (code <= space && isSpace(code)) {
      this.at += 1;
      code = this.code();
    }
    return code;
  }

  /** A number, a boolean or null, whose first code unit is given. */
  readScalar(first: number): number | bigint | boolean | null {
    if (first === minus || isDigit(first)) return this.readNumber();
    const { text, at } = this;
    if (text.startsWith('true', at)) return this.skipWord(4, true);
    if (text.startsWith('false', at)) return this.skipWord(5, false);
    if (text.startsWith('null', at)) return this.skipWord(4, null);
    throw this.unexpected('a value');
  }

  readString(): string {
    const { text, end } = this;
    const start = this.at + 1;
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        this.at = at + 1;
        return text.slice(start, at);
      }
      if (code === backslash) return this.readEscapedString(at);
      if (code < space) throw this.refuseControl(at);
    }
    throw this.refuseOpenString();
  }

  unexpected(wanted: string): JsonRefusal {
    const character = this.text.codePointAt(this.at);
    const found =
      character === undefined ? 'the end of the document' : quoteExcerpt(String.fromCodePoint(character));
    return this.refusal('invalid_json', `expected ${wanted}, found ${found}`);
  }

  refusal(code: Code, detail: string, at = this.at): JsonRefusal {
    return new JsonRefusal(code, detail, positionAt(this.text, at));
  }

  /** A string whose first escape stands at `escapeAt`. */
  private readEscapedString(escapeAt: number): string {
    const { text, end } = this;
    const open = this.at;
    let start = open + 1;
    let built = '';
    let at = escapeAt;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === backslash) {
        built += text.slice(start, at);
        this.at = at;
        built += this.readEscape();
        start = at = this.at;
        continue;
      }
      if (code === quote) {
        this.at = at + 1;
        return built + text.slice(start, at);
      }
      if (code < space) throw this.refuseControl(at);
      at += 1;
    }
    this.at = open;
    throw this.refuseOpenString();
  }

  /** One escape, or the two that spell a surrogate pair: half of a pair is no character (RFC 8259, 8.2). */
  private readEscape(): string {
    const start = this.at;
    const escaped = this.text.charAt(start + 1);
    const character = escapes.get(escaped);
    if (character !== undefined) {
      this.at = start + 2;
      return character;
    }
    if (escaped !== 'u') throw this.refusal('invalid_json', 'the string holds an unknown escape');
    const unit = this.readHexadecimal();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    if (unit < 0xdc00 && this.text.startsWith('\\u', this.at)) {
      const low = this.readHexadecimal();
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low);
    }
    throw this.refusal('invalid_text', 'the string escapes a lone surrogate', start);
  }

  private readHexadecimal(): number {
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) {
      throw this.refusal('invalid_json', 'the escape \\u needs four hexadecimal digits');
    }
    this.at += 6;
    return Number.parseInt(digits, 16);
  }

  private readNumber(): number | bigint {
    const start = this.at;
    if (this.code() === minus) this.at += 1;
    if (this.code() === zero) {
      this.at += 1;
      if (isDigit(this.code())) throw this.refusal('invalid_json', 'the number starts with a zero', start);
    } else {
      this.skipDigits();
    }
    if (this.code() === point) {
      this.at += 1;
      this.skipDigits();
    }
    const code = this.code();
    const hasPower = code === lowerE || code === upperE;
    if (hasPower) this.skipPower();
    const length = this.at - start;
    const literal = this.text.slice(start, this.at);
    // Adding zero takes the sign off -0.
    if (!hasPower && length <= plainCharactersMax) return Number(literal) + 0;
    return this.numbers === 'any' ? readNearestNumber(literal) : this.requireExact(literal, start);
  }

  private requireExact(literal: string, start: number): number | bigint {
    if (literal.length > numberCharactersMax) {
      throw this.refusal('too_large', `the number has more than ${numberCharactersMax} characters`, start);
    }
    const number = readExactNumber(literal);
    if (number !== undefined) return number;
    throw this.refusal(
      'inexact_number',
      `the number ${quoteExcerpt(literal)} cannot be carried exactly`,
      start,
    );
  }

  private skipPower(): void {
    this.at += 1;
    const sign = this.code();
    if (sign === plus || sign === minus) this.at += 1;
    this.skipDigits();
  }

  private skipDigits(): void {
    if (!isDigit(this.code())) throw this.unexpected('a digit');
    do this.at += 1;
    while (isDigit(this.code()));
  }

  private skipWord<T>(length: number, value: T): T {
    this.at += length;
    return value;
  }

  private code(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : endOfText;
  }

  private refuseControl(at: number): JsonRefusal {
    return this.refusal('invalid_json', 'the string holds a control character that is not escaped', at);
  }

  private refuseOpenString(): JsonRefusal {
    return this.refusal('invalid_json', 'the string is never closed');
  }
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

function isSpace(code: number): boolean {
  return code === space || code === 0x0a || code === 0x0d || code === 0x09;
}
