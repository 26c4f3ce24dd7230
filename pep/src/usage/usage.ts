// The usage that a verdict reads: reserved before it is asked for, and given back unless the call is allowed.
import type { Counter } from '@cardea/bundles/open';
import type { JsonObject } from '@cardea/schemas/json';
import { listAdditions, type Counting } from './listAdditions.ts';
import type { Reservation, UsageStore } from './usageStore.ts';

export interface Counts {
  /** `context.usage`: every counter of the bundle. One that the verdict cannot read is 0, and cut away. */
  readonly usage: JsonObject;
  readonly release: () => void;
}

/** As `dependsOn` has them: `/usage/hour`, or `/usage` for all. */
const family = '/usage';

/** Undefined where anything that is read cannot be counted. Nothing is reserved then. */
export async function reserveUsage(
  store: UsageStore,
  counters: readonly Counter[],
  dependsOn: readonly string[],
  counting: Counting,
): Promise<Counts | undefined> {
  const isRead = ({ name }: Counter): boolean =>
    dependsOn.some((pointer) => pointer === family || pointer === `${family}/${name}`);
  const counted = await Promise.all(
    counters.map(async (counter) => ({
      counter,
      reserved: isRead(counter) ? await reserve(store, counter, counting) : [],
    })),
  );
  const release = (): void => {
    for (const { reserved } of counted) for (const one of reserved ?? []) one.release();
  };
  const usage = Object.create(null) as Record<string, number>;
  for (const { counter, reserved } of counted) {
    if (reserved === undefined) {
      release();
      return undefined;
    }
    // Of several groups the one that is nearest to its end.
    usage[counter.name] = Math.max(0, ...reserved.map(({ total }) => total));
  }
  return { usage, release };
}

/** All or none. */
async function reserve(
  store: UsageStore,
  counter: Counter,
  counting: Counting,
): Promise<readonly Reservation[] | undefined> {
  const additions = listAdditions(counter, counting);
  if (additions === undefined) return undefined;
  const tried = await Promise.all(additions.map(async (addition) => store.reserve(addition)));
  const reserved = tried.filter((one) => one !== undefined);
  if (reserved.length === tried.length) return reserved;
  for (const one of reserved) one.release();
  return undefined;
}
