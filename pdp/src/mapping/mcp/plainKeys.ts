// Keys that callers choose in records of facts: tags and counters.
import { reservedKeys } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt } from '@cardea/schemas/json';

/** Throws Refusal `reserved_key`: in Cedar's JSON such a key would make the record an entity or an extension value. */
export function requirePlainKeys(record: object, place: string): void {
  const key = Object.keys(record).find((name) => reservedKeys.has(name));
  if (key !== undefined)
    throw new Refusal('reserved_key', `${place}: the key ${quoteExcerpt(key)} is reserved`);
}
