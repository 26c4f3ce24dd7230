// Reads a JSON value field by field and refuses it by JSON Pointer. For files whose authors are people.

import { Refusal } from '../codes/index.ts';
import type { JsonValue } from '../json/index.ts';
import { formatPointer, isJsonObject, quoteExcerpt } from '../json/index.ts';

/** Every method but `optional` throws a Refusal with `invalid_request` where the value is not as it asks. */
export class ValueReader {
  private readonly value: JsonValue;
  private readonly path: readonly string[];

  constructor(value: JsonValue, path: readonly string[] = []) {
    this.value = value;
    this.path = path;
  }

  field(name: string): ValueReader {
    return this.optional(name) ?? this.refuse(`lacks ${quoteExcerpt(name)}`);
  }

  optional(name: string): ValueReader | undefined {
    const object = isJsonObject(this.value) ? this.value : this.refuse('must be an object');
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    return value === undefined ? undefined : new ValueReader(value, [...this.path, name]);
  }

  requireObject(): void {
    if (!isJsonObject(this.value)) this.refuse('must be an object');
  }

  requireText(): void {
    if (typeof this.value !== 'string') this.refuse('must be a text');
  }

  requireBoolean(): void {
    if (typeof this.value !== 'boolean') this.refuse('must be true or false');
  }

  requireOneOf(texts: readonly string[]): void {
    if (typeof this.value === 'string' && texts.includes(this.value)) return;
    this.refuse(`must be one of ${texts.join(', ')}`);
  }

  requireFieldsAmong(names: readonly string[]): void {
    this.requireObject();
    const stray = Object.keys(this.value as object).find((name) => !names.includes(name));
    if (stray !== undefined)
      this.refuse(`has a field ${quoteExcerpt(stray)} that is none of ${names.join(', ')}`);
  }

  /** A text that is not empty. */
  name(charactersMax: number): string {
    const { value } = this;
    if (typeof value === 'string' && value.length >= 1 && value.length <= charactersMax) return value;
    return this.refuse(`must be a text of 1 to ${charactersMax} characters`);
  }

  elements(countMax: number): ValueReader[] {
    if (!Array.isArray(this.value)) return this.refuse('must be an array');
    const elements = this.value as readonly JsonValue[];
    if (elements.length > countMax) return this.refuse(`must have at most ${countMax} elements`);
    return elements.map((element, index) => new ValueReader(element, [...this.path, String(index)]));
  }

  refuse(fault: string): never {
    const place = this.path.length === 0 ? 'the document' : formatPointer(this.path);
    throw new Refusal('invalid_request', `${place} ${fault}`);
  }
}
