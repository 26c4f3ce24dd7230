// Recursive descent over objects and arrays in one pass; the limits on their depth and number are held here.

import { quoteExcerpt } from './excerpt.ts';
import type { NumberReading } from './exactNumber.ts';
import { JsonScanner, endOfText } from './jsonScanner.ts';
import type { JsonLimits } from './limits.ts';
import type { JsonValue } from './value.ts';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
const braceOpen = 0x7b;
const braceClose = 0x7d;

/** Parses one text, once. The text has passed `readSource`: it is well-formed Unicode. */
export class JsonParser {
  private readonly scanner: JsonScanner;
  private readonly limits: JsonLimits;
  private depth = 0;
  private nodes = 0;

  constructor(text: string, limits: JsonLimits, numbers: NumberReading = 'exact') {
    this.scanner = new JsonScanner(text, numbers);
    this.limits = limits;
  }

  /** How many were read, the root included. */
  get values(): number {
    return this.nodes;
  }

  parseDocument(): JsonValue {
    const value = this.parseValue();
    if (this.scanner.skipSpace() !== endOfText) throw this.scanner.unexpected('the end of the document');
    return value;
  }

  private parseValue(): JsonValue {
    const { scanner } = this;
    const code = scanner.skipSpace();
    this.nodes += 1;
    if (this.nodes > this.limits.nodesMax) {
      throw scanner.refusal('too_large', `the document holds more than ${this.limits.nodesMax} values`);
    }
    if (code === quote) return scanner.readString();
    if (code === braceOpen) return this.parseObject();
    if (code === bracketOpen) return this.parseArray();
    return scanner.readScalar(code);
  }

  private parseObject(): JsonValue {
    const { scanner } = this;
    const object = Object.create(null) as Record<string, JsonValue>;
    this.enter();
    let code = scanner.skipSpace();
    if (code === braceClose) return this.leave(object);
    for (;;) {
      if (code !== quote) throw scanner.unexpected('a key in double quotes');
      const keyAt = scanner.at;
      const key = scanner.readString();
      // INVARIANT: no JsonValue is undefined and there is no prototype, so this asks for presence. `key in object`
      // says the same and takes three times as long.
      if (object[key] !== undefined) {
        throw scanner.refusal('duplicate_key', `the key ${quoteExcerpt(key)} occurs twice`, keyAt);
      }
      if (scanner.skipSpace() !== colon) throw scanner.unexpected('a colon');
      scanner.at += 1;
      object[key] = this.parseValue();
      code = scanner.skipSpace();
      if (code === braceClose) return this.leave(object);
      if (code !== comma) throw scanner.unexpected('a comma or the end of the object');
      scanner.at += 1;
      code = scanner.skipSpace();
    }
  }

  private parseArray(): JsonValue {
    const { scanner } = this;
    const array: JsonValue[] = [];
    this.enter();
    if (scanner.skipSpace() === bracketClose) return this.leave(array);
    for (;;) {
      array.push(this.parseValue());
      const code = scanner.skipSpace();
      if (code === bracketClose) return this.leave(array);
      if (code !== comma) throw scanner.unexpected('a comma or the end of the array');
      scanner.at += 1;
    }
  }

  private enter(): void {
    this.depth += 1;
    if (this.depth > this.limits.depthMax) {
      throw this.scanner.refusal(
        'too_deep',
        `the document nests more than ${this.limits.depthMax} levels deep`,
      );
    }
    this.scanner.at += 1;
  }

  private leave<T extends JsonValue>(container: T): T {
    this.depth -= 1;
    this.scanner.at += 1;
    return container;
  }
}
