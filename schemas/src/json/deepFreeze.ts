// Makes a value safe to share: what is judged cannot change before it is recorded and forwarded.

import type { JsonValue } from './value.ts';

/** Freezes the value and everything in it, in place, and returns it. A JsonValue is a tree, so this ends. */
export function deepFreeze<T extends JsonValue>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const child of Object.values(value) as JsonValue[]) deepFreeze(child);
  return Object.freeze(value);
}
