// The one way from a strictly parsed document to a typed message.
import type { z } from 'zod';
import { Refusal } from '../codes/index.ts';
import {
  formatPointer,
  JsonRefusal,
  parseStrictDocument,
  type JsonDocument,
  type JsonLimits,
  type JsonValue,
} from '../json/index.ts';
import { describeIssue } from './issueWords.ts';

const messageCharactersMax = 200;

/** A refusal that says where in the value it arose. */
export class WireRefusal extends Refusal {
  /** JSON Pointer. */
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super('invalid_request', message.slice(0, messageCharactersMax));
    this.name = 'WireRefusal';
    this.pointer = pointer;
  }
}

/**
 * Throws WireRefusal with `invalid_request`, which names the first field at fault, below `place` where one is given.
 * Never a value: it may be a secret.
 */
export function readWire<T>(schema: z.ZodType<T>, value: unknown, place?: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  // A field too many is at fault itself, not the object that has it.
  const stray = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const names = (issue?.path ?? []).map(String);
  const path = [...(place === undefined ? [] : [place]), ...names].join('.');
  const message = issue === undefined ? 'not as declared' : describeIssue(issue, valueAt(value, issue.path));
  throw new WireRefusal(formatPointer([...names, ...stray]), `${path || 'the document'}: ${message}`);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<PropertyKey, unknown>)[name]
        : undefined,
    value,
  );
}

/**
 * For files that people write: what is wrong has a line and a column. `read` may throw WireRefusal. Throws JsonRefusal,
 * also for what is no strict JSON.
 */
export function readWireDocument<T>(
  input: Uint8Array | string,
  read: (value: JsonValue) => T,
  limits?: Partial<JsonLimits>,
): T {
  const document = parseStrictDocument(input, limits);
  try {
    return read(document.value);
  } catch (refusal) {
    if (!(refusal instanceof WireRefusal)) throw refusal;
    throw new JsonRefusal(refusal.code, refusal.message, locateNearest(document, refusal.pointer));
  }
}

/** What is missing has no place of its own: then that of the nearest value around it. */
function locateNearest(
  document: JsonDocument,
  pointer: string,
): { offset: number; line: number; column: number } {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = document.locate(at);
    if (found !== undefined) return found;
  }
  return document.locate('') ?? { offset: 0, line: 1, column: 1 };
}
