// Integers in arguments that a double cannot hold. A policy on 9007199254740992 has nothing against its neighbour, which
// most servers read as just that: so such integers pass only where the reviewed schema says that they have 64 bits.
import { Refusal } from '@cardea/schemas/codes';
import { formatPointer, isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import type { SchemaPlace } from '@cardea/schemas/mcp';

/** Throws Refusal `inexact_number` for the first that some servers would read as another. */
export function requireExactIntegers(args: JsonObject, place: SchemaPlace): void {
  if (!holdsInexact(args)) return;
  visit(args, place, []);
}

function visit(value: JsonValue, place: SchemaPlace, path: readonly string[]): void {
  if (typeof value === 'bigint') requireExact(value, place, path);
  else if (Array.isArray(value)) {
    for (const [at, element] of (value as readonly JsonValue[]).entries()) {
      visit(element, place.element(at), [...path, String(at)]);
    }
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) visit(member, place.member(key), [...path, key]);
  }
}

function requireExact(integer: bigint, { parts }: SchemaPlace, path: readonly string[]): void {
  if (isExact(integer) || parts.some(({ format }) => format === 'int64' || format === 'uint64')) return;
  throw new Refusal(
    'inexact_number',
    `arguments${formatPointer(path)}: an integer that not every server reads exactly`,
  );
}

function holdsInexact(value: JsonValue): boolean {
  if (typeof value === 'bigint') return !isExact(value);
  return typeof value === 'object' && value !== null && Object.values<JsonValue>(value).some(holdsInexact);
}

function isExact(integer: bigint): boolean {
  return BigInt(Number(integer)) === integer;
}
