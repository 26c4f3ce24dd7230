// Reads an object whose fields must be exactly those expected: in what is signed, a field that nobody knows is a rule
// that nobody follows.

import { isDigest, type Digest } from '@cardea/schemas/digest';
import { formatPointer, isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';

/** Says which field is wrong. Callers turn it into the refusal of what they read. */
export class FieldFault extends Error {
  /** JSON Pointer to what is wrong. */
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(`${pointer === '' ? 'the document' : pointer} ${message}`);
    this.name = 'FieldFault';
    this.pointer = pointer;
  }
}

/** All methods throw FieldFault. */
export class Fields {
  readonly #object: JsonObject;
  readonly #pointer: string;

  constructor(value: JsonValue | undefined, names: readonly string[], pointer = '') {
    if (!isJsonObject(value)) throw new FieldFault(pointer, 'must be an object');
    const stray = Object.keys(value).find((name) => !names.includes(name));
    if (stray !== undefined)
      throw new FieldFault(pointer + formatPointer([stray]), `is none of ${names.join(', ')}`);
    this.#object = value;
    this.#pointer = pointer;
  }

  text(name: string, pattern: RegExp): string {
    const value = this.value(name);
    if (typeof value !== 'string' || !pattern.test(value))
      throw this.#wrong(name, `must match ${pattern.source}`);
    return value;
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.value(name);
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw this.#wrong(name, `must be one of ${choices.join(', ')}`);
    return choice;
  }

  integer(name: string, min: number, max: number): number {
    const value = this.value(name);
    if (!Number.isSafeInteger(value) || Number(value) < min || Number(value) > max) {
      throw this.#wrong(name, `must be an integer from ${min} to ${max}`);
    }
    return Number(value);
  }

  digest(name: string): Digest {
    const value = this.value(name);
    if (!isDigest(value)) throw this.#wrong(name, 'must be sha256: and 64 hex digits');
    return value;
  }

  list(name: string, countMax: number): readonly JsonValue[] {
    const value = this.value(name);
    if (!Array.isArray(value) || value.length > countMax) {
      throw this.#wrong(name, `must be a list of at most ${countMax}`);
    }
    return value as readonly JsonValue[];
  }

  fields(name: string, names: readonly string[]): Fields {
    return new Fields(this.value(name), names, `${this.#pointer}/${name}`);
  }

  value(name: string): JsonValue | undefined {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  #wrong(name: string, message: string): FieldFault {
    return this.fault(name, this.value(name) === undefined ? `is missing: it ${message}` : message);
  }

  fault(name: string, message: string): FieldFault {
    return new FieldFault(`${this.#pointer}/${name}`, message);
  }
}
