// The approved schema of a tool's arguments, as a check. Schemas were reviewed; the arguments are the caller's, and
// nothing in them may take more time than their length.
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Refusal } from '@cardea/schemas/codes';
import {
  formatPointer,
  isJsonObject,
  quoteExcerpt,
  type JsonObject,
  type JsonValue,
} from '@cardea/schemas/json';
import { compilePattern, loopKeyword, prepareSchema, uncheckedKeyword } from './preparedSchema.ts';

/**
 * Undefined where they fit, else what is wrong: a place and a rule, never a value. Throws Refusal `unchecked_argument`
 * for what the schema says and nobody here can check.
 */
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

/** Never throws. Of a schema that cannot be compiled the check refuses all arguments. */
export function compileInputSchema(schema: JsonObject): CheckInput {
  const own = withoutDialect(prepareSchema(plainNumbers(schema) as JsonObject));
  const dialect = dialects.find(({ judge }) => judge.validateSchema(own) === true);
  if (dialect !== undefined) return compileWith(dialect, own);
  const [error] = dialects[0]?.judge.errors ?? [];
  return refuseAll(`${error?.instancePath ?? ''} ${error?.message ?? 'is no schema'}`);
}

/** For whoever reviews a tool: each place in its schema that denies the calls that come there, and why. */
export function listUnchecked(schema: JsonObject): readonly string[] {
  const found: string[] = [];
  const visit = (node: JsonValue, path: readonly string[]): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, member] of Object.entries<JsonValue>(node as JsonObject)) {
      if (key === uncheckedKeyword && typeof member === 'string') {
        found.push(`${formatPointer(path)} ${member}`.trim());
      }
      visit(member, [...path, key]);
    }
  };
  visit(prepareSchema(schema), []);
  const problem = findFault(schema);
  return problem === undefined ? found : [problem, ...found];
}

/** Why no call of the tool can be checked. */
function findFault(schema: JsonObject): string | undefined {
  try {
    compileInputSchema(schema)(Object.create(null) as JsonObject);
  } catch (fault) {
    if (fault instanceof Refusal) return fault.message;
    throw fault;
  }
  return undefined;
}

function refuseAll(why: string): CheckInput {
  return () => {
    throw new Refusal('unchecked_argument', `the schema of the tool: ${quoteExcerpt(why.trim())}`);
  };
}

function compileWith({ Checker }: Dialect, schema: JsonObject): CheckInput {
  const ajv = new Checker({
    ...plain,
    meta: false,
    validateSchema: false,
    // What a regular expression of JavaScript takes minutes for, this takes its length for.
    code: { regExp: Object.assign(compileExpression, { code: 'RE2JS' }) },
  });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: areUnique });
  ajv.addKeyword({ keyword: uncheckedKeyword, schemaType: 'string', validate: refuseUnchecked });
  const loops = new Map<string, Fits>();
  const findLoop = (reference: string): Fits => {
    const loop = loops.get(reference) ?? checkOnce(() => ajv.compile({ $ref: `${ownId}${reference}` }));
    loops.set(reference, loop);
    return loop;
  };
  ajv.addKeyword({ keyword: loopKeyword, schemaType: 'string', compile: findLoop });
  try {
    const validate = ajv.addSchema(schema, ownId).getSchema(ownId);
    if (validate === undefined) return refuseAll('it cannot be compiled');
    return (args) => {
      if (validate(plainNumbers(args)) === true) return undefined;
      const [error] = validate.errors ?? [];
      return `${error?.instancePath === '' ? 'the arguments' : (error?.instancePath ?? '')} ${error?.message ?? 'do not fit'}`;
    };
  } catch (fault) {
    return refuseAll(fault instanceof Error ? fault.message : 'it cannot be compiled');
  }
}

/** The schema, among those that the checker knows. */
const ownId = 'cardea:arguments';

type Fits = (value: unknown) => boolean;

/** A value is held to a schema once, however many ways lead there; within itself it says nothing more. */
function checkOnce(compile: () => (value: unknown) => unknown): Fits {
  const answers = new WeakMap<object, boolean>();
  const running = new Set<unknown>();
  let check: ((value: unknown) => unknown) | undefined;
  return (value) => {
    const known = typeof value === 'object' && value !== null ? answers.get(value) : undefined;
    if (known !== undefined || running.has(value)) return known ?? true;
    running.add(value);
    try {
      check ??= compile();
      const fits = check(value) === true;
      if (typeof value === 'object' && value !== null) answers.set(value, fits);
      return fits;
    } finally {
      running.delete(value);
    }
  };
}

/** Throws: an answer of either kind would pass, here or under `not`. */
function refuseUnchecked(
  why: string,
  _value: unknown,
  _schema: unknown,
  place?: { instancePath: string },
): never {
  throw new Refusal('unchecked_argument', `arguments${place?.instancePath ?? ''}: the schema ${why}`);
}

/** As the checker wants an expression: it keeps one for each text. */
interface Expression {
  readonly test: (text: string) => boolean;
  readonly toString: () => string;
}

/** Those that cannot be compiled are marked before, and never come here. */
function compileExpression(pattern: string): Expression {
  const toString = (): string => pattern;
  const compiled = compilePattern(pattern);
  if (compiled === undefined) throw new SyntaxError('a pattern that cannot be matched in time');
  return { test: (text) => compiled.test(text), toString };
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
