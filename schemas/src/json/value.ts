// What a strict document holds. Objects have no prototype, so `__proto__` is a key like any other.

export type JsonValue = null | boolean | string | number | bigint | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
