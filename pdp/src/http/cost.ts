// What a request takes of its thread beside a small one, in tokens of its caller's rate. Bytes are parsed, values cross
// into the engine; what a small evaluation has of both is in the one token that every request takes.
import { isJsonObject, type JsonValue } from '@cardea/schemas/json';

/** Bodies that are parsed as they come, all of a turn back to back. Others are queued as bytes. */
export const lightBytesMax = 16 * 1024;

/** Requests that are answered as they come: of those with more values, callers take turns. */
export const lightValuesMax = 512;

const freeBytes = 2 * 1024;
const bytesPerToken = 1024;

const freeValues = 256;
/** The engine takes up to 30 µs for one that policies read, and hardly anything for one that they do not. */
const valuesPerToken = 8;

export function costOfBytes(bytes: number): number {
  return Math.max(0, Math.floor((bytes - freeBytes) / bytesPerToken));
}

export function costOfValues(values: number): number {
  return Math.max(0, Math.floor((values - freeValues) / valuesPerToken));
}

/** Of one element of many, which all share these values. */
export function costOfElement(shared: readonly (JsonValue | undefined)[]): number {
  return 1 + costOfValues(shared.reduce<number>((sum, value) => sum + countValues(value), 0));
}

/** The parser bounds how many there are and how deep they lie. */
function countValues(value: JsonValue | undefined): number {
  if (value === undefined) return 0;
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return (inner as readonly JsonValue[]).reduce<number>((sum, each) => sum + countValues(each), 1);
}
