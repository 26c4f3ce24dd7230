// How much of a request policies may read. What they read crosses into the engine, which takes up to 30 µs for a value
// that lies deep: a body full of them would keep a thread for seconds. What nobody reads does not count.
import { isCedarRecord, isCedarSet, type CedarEntity, type CedarValue } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';

/** Values of the context and of the request's own entities, records and sets included. */
export const valuesReadMax = 10_000;

/** Throws Refusal `too_large` past the limit, without walking further. */
export function requireFewValues(context: CedarValue, entities: readonly CedarEntity[]): void {
  const open = [context, ...entities.flatMap(({ attrs, tags = {} }) => [attrs, tags])];
  let left = valuesReadMax;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    left -= 1;
    if (left < 0) {
      throw new Refusal('too_large', `the policies read more than ${valuesReadMax} values of this request`);
    }
    if (isCedarSet(value)) for (const element of value) open.push(element);
    else if (isCedarRecord(value)) for (const field of Object.values(value)) open.push(field);
  }
}
