// How large a document may be. The defaults fit one request; callers that read bundles or catalogs raise them.

export interface JsonLimits {
  /** Objects and arrays inside one another; a scalar has depth 0, `[]` has depth 1. */
  readonly depthMax: number;
  /** Length of the document in UTF-8. */
  readonly bytesMax: number;
  /** Values of every kind, the root included. Keys are not counted: each belongs to a value. */
  readonly nodesMax: number;
}

export const defaultJsonLimits: JsonLimits = Object.freeze({
  depthMax: 64,
  bytesMax: 1024 * 1024,
  nodesMax: 100_000,
});

/** Reading and writing recurse, so no caller may ask for more than the call stack surely holds. */
export const depthCeiling = 512;

/**
 * Fills in the defaults. Limits are code, not input: one that is no positive number throws a RangeError, since every
 * comparison with NaN is false and would switch the limit off.
 */
export function resolveLimits(limits: Partial<JsonLimits> | undefined): JsonLimits {
  if (limits === undefined) return defaultJsonLimits;
  return {
    depthMax: requireLimit('depthMax', limits.depthMax ?? defaultJsonLimits.depthMax, depthCeiling),
    bytesMax: requireLimit(
      'bytesMax',
      limits.bytesMax ?? defaultJsonLimits.bytesMax,
      Number.MAX_SAFE_INTEGER,
    ),
    nodesMax: requireLimit(
      'nodesMax',
      limits.nodesMax ?? defaultJsonLimits.nodesMax,
      Number.MAX_SAFE_INTEGER,
    ),
  };
}

function requireLimit(name: keyof JsonLimits, limit: number, ceiling: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= ceiling) return limit;
  throw new RangeError(`${name} must be an integer from 1 to ${ceiling}`);
}
