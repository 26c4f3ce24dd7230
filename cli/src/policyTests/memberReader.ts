// Reads the members of one object of a test file, collecting what is wrong with them at their places. A reader that
// found something wrong answers undefined, so that a test is told of all its mistakes at once.
import { formatPointer, isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { suggest } from '../frame/nearest.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { TestIdentity } from './policyTest.ts';

export class MemberReader {
  readonly #identity: TestIdentity;
  readonly #pointer: string;
  readonly #problems: Diagnostic[];
  readonly #members: JsonObject;

  constructor(identity: TestIdentity, pointer: string, problems: Diagnostic[], members: JsonObject = {}) {
    this.#identity = identity;
    this.#pointer = pointer;
    this.#problems = problems;
    this.#members = members;
  }

  /** A reader for the value, which is to be an object; `known` are the keys that mean something in it. */
  object(value: JsonValue, what: string, known: readonly string[]): MemberReader | undefined {
    if (!isJsonObject(value)) {
      this.#report('error', '', `${what} is an object`);
      return undefined;
    }
    const reader = new MemberReader(this.#identity, this.#pointer, this.#problems, value);
    for (const key of Object.keys(value)) {
      const help = known.includes(key) ? undefined : suggest(key, known);
      // The cedar command ignores keys that it does not know, and so do foreign projects rely on it.
      if (help !== undefined)
        reader.#report('warning', key, `the key ${JSON.stringify(key)} means nothing`, help);
    }
    return reader;
  }

  child(name: string, known: readonly string[]): MemberReader | undefined {
    const value = this.required(name);
    if (value === undefined) return undefined;
    return new MemberReader(
      this.#identity,
      `${this.#pointer}${formatPointer([name])}`,
      this.#problems,
    ).object(value, `"${name}"`, known);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#members, name);
  }

  required(name: string): JsonValue | undefined {
    if (this.has(name)) return this.#members[name];
    this.refuse(name, `the key "${name}" is missing`);
    return undefined;
  }

  text(name: string): string | undefined {
    const value = this.required(name);
    if (value === undefined || typeof value === 'string') return value;
    this.refuse(name, `"${name}" is a text`);
    return undefined;
  }

  word<const Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.required(name);
    const word = words.find((candidate) => candidate === value);
    if (word === undefined && value !== undefined) {
      this.refuse(name, `"${name}" is one of ${words.map((candidate) => `"${candidate}"`).join(', ')}`);
    }
    return word;
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.required(name);
    if (value === undefined) return undefined;
    const elements = Array.isArray(value) ? (value as readonly JsonValue[]) : undefined;
    if (elements?.every((element) => typeof element === 'string') === true) return elements;
    this.refuse(name, `"${name}" is a list of texts`);
    return undefined;
  }

  count(name: string): number | undefined {
    const value = this.required(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    this.refuse(name, `"${name}" is a number of errors, from 0`);
    return undefined;
  }

  refuse(name: string, message: string, help?: string): void {
    this.#report('error', name, message, help);
  }

  #report(severity: Diagnostic['severity'], name: string, message: string, help?: string): void {
    const pointer = name === '' ? this.#pointer : `${this.#pointer}${formatPointer([name])}`;
    const place = this.#identity.placeOf(this.has(name) || name === '' ? pointer : this.#pointer);
    this.#problems.push({
      severity,
      code: 'test_format',
      message,
      ...(help === undefined ? {} : { help }),
      place,
    });
  }
}
