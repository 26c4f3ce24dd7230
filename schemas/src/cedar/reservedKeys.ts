/**
 * Keys by which Cedar's JSON tells entities, extension values and (formerly) expressions from records. In untrusted
 * input they would forge such values, so they are refused wherever they stand.
 */
export const reservedKeys: ReadonlySet<string> = new Set(['__entity', '__extn', '__expr']);
