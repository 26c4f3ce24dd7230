// The approved schema of a tool's arguments, as a check. Schemas were reviewed; the arguments are the caller's, and
// nothing in them may take more time than their length.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { type JsonObject, type JsonValue } from '@cardea/schemas/json';

/** Undefined where they fit, else what is wrong: a place and a rule, never a value. */
export type CheckInput = (args: JsonObject) => string | undefined;

/** Undefined for a schema that cannot be compiled: its tool is held to its declared names and types alone. */
export function compileInputSchema(schema: JsonObject): CheckInput | undefined {
  const ajv = new Ajv2020({
    strict: false,
    // Formats are the server's business; those that policies read are typed where arguments become values.
    validateFormats: false,
    // What a regular expression of JavaScript takes minutes for, this takes its length for.
    code: { regExp: Object.assign(compilePattern, { code: 'RE2JS' }) },
  });
  try {
    const validate = ajv.compile<unknown>(withoutDialect(schema));
    return (args) => {
      if (validate(plainNumbers(args))) return undefined;
      const [error] = validate.errors ?? [];
      return `${error?.instancePath === '' ? 'the arguments' : (error?.instancePath ?? '')} ${error?.message ?? 'do not fit'}`;
    };
  } catch {
    return undefined;
  }
}

function compilePattern(pattern: string): { test: (text: string) => boolean } {
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => compiled.matcher(text).find() };
}

/** Servers declare draft 7 and write what every draft since knows. */
function withoutDialect(schema: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));
}

/** The checker knows no big integers: their sign and their size are what bounds in schemas ask for. */
function plainNumbers(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || !holdsBigint(value)) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(plainNumbers);
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, member]) => [key, plainNumbers(member)]),
  );
}

function holdsBigint(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
  return (Object.values(value) as JsonValue[]).some(holdsBigint);
}
