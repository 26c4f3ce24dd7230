// The approved schema of a tool's arguments, as a check. Schemas were reviewed; the arguments are the caller's, and
// nothing in them may take more time than their length.
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { breakCycles } from './schemaCycles.ts';

/** Undefined where they fit, else what is wrong: a place and a rule, never a value. */
export type CheckInput = (args: JsonObject) => string | undefined;

interface Dialect {
  readonly Checker: typeof Ajv | typeof Ajv2020;
  /** Knows what a schema is. To learn that takes longer than to compile most schemas, so it is learnt once. */
  readonly judge: Ajv | Ajv2020;
}

/** Formats are the server's business; those that policies read are typed where arguments become values. */
const plain = { strict: false, logger: false, validateFormats: false } as const;

/** Servers declare draft 7 and write what every draft since knows; but for arrays with a schema for each place. */
const dialects: readonly Dialect[] = [
  { Checker: Ajv2020, judge: new Ajv2020(plain) },
  { Checker: Ajv, judge: new Ajv(plain) },
];

/** Undefined for a schema that cannot be compiled: its tool is held to its declared names and types alone. */
export function compileInputSchema(schema: JsonObject): CheckInput | undefined {
  const own = withoutDialect(breakCycles(schema));
  const dialect = dialects.find(({ judge }) => judge.validateSchema(own) === true);
  return dialect === undefined ? undefined : compileWith(dialect, own);
}

function compileWith({ Checker }: Dialect, schema: JsonObject): CheckInput | undefined {
  const ajv = new Checker({
    ...plain,
    meta: false,
    validateSchema: false,
    // What a regular expression of JavaScript takes minutes for, this takes its length for.
    code: { regExp: Object.assign(compilePattern, { code: 'RE2JS' }) },
  });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: areUnique });
  try {
    const validate = ajv.compile(schema);
    return (args) => {
      if (validate(plainNumbers(args))) return undefined;
      const [error] = validate.errors ?? [];
      return `${error?.instancePath === '' ? 'the arguments' : (error?.instancePath ?? '')} ${error?.message ?? 'do not fit'}`;
    };
  } catch {
    return undefined;
  }
}

/** As the checker wants an expression: it keeps one for each text. */
interface Expression {
  readonly test: (text: string) => boolean;
  readonly toString: () => string;
}

/** A pattern that only other engines know binds nobody here; the rest of its schema does. */
function compilePattern(pattern: string): Expression {
  const toString = (): string => pattern;
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return { test: (text) => compiled.test(text), toString };
  } catch {
    return { test: () => true, toString };
  }
}

/** The checker's own compares each with each. */
function areUnique(isWanted: boolean, elements: readonly unknown[]): boolean {
  return !isWanted || new Set(elements.map(writeComparable)).size === elements.length;
}

/** The same text exactly for values that JSON Schema calls equal: the order of keys means nothing. */
function writeComparable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeComparable).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${writeComparable(member)}`,
  );
  return `{${members.sort().join()}}`;
}

/** What the whole of a schema says of itself. `$async` would make a promise of the answer, which is never false. */
const dialectKeys: ReadonlySet<string> = new Set(['$schema', '$id', '$async']);

function withoutDialect(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !dialectKeys.has(key)));
}

/** The checker knows no big integers: their sign and their size are what bounds in schemas ask for. */
function plainNumbers(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || !holdsBigint(value)) return value;
  if (!isJsonObject(value)) return value.map(plainNumbers);
  const members = Object.entries(value).map(([key, member]) => [key, plainNumbers(member)]);
  // Without a prototype, as it came: `toString` is not there unless it was sent.
  return Object.assign(Object.create(null) as object, Object.fromEntries(members));
}

function holdsBigint(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
  return Object.values<JsonValue>(value as JsonObject).some(holdsBigint);
}
