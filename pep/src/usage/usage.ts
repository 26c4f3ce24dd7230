// The usage that a verdict reads: reserved before it is asked for, and given back unless the call is allowed.
import type { Counter } from '@cardea/bundles/open';
import type { JsonObject } from '@cardea/schemas/json';
import { listAdditions, type Counting } from './listAdditions.ts';
import type { Addition, UsageStore } from './usageStore.ts';

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
  const usage = Object.create(null) as Record<string, number>;
  const wanted: Wanted[] = [];
  for (const counter of counters) {
    usage[counter.name] = 0;
    if (!isRead(counter, dependsOn)) continue;
    const additions = listAdditions(counter, counting);
    if (additions === undefined) return undefined;
    for (const addition of additions) wanted.push({ name: counter.name, addition });
  }
  const reserved = await Promise.all(wanted.map(async ({ addition }) => store.reserve(addition)));
  const release = (): void => {
    for (const one of reserved) one?.release();
  };
  for (const [at, { name }] of wanted.entries()) {
    const one = reserved[at];
    if (one === undefined) {
      release();
      return undefined;
    }
    // Of several groups the one that is nearest to its end.
    usage[name] = Math.max(usage[name] ?? 0, one.total);
  }
  return { usage, release };
}

interface Wanted {
  /** Of the counter. */
  readonly name: string;
  readonly addition: Addition;
}

function isRead({ name }: Counter, dependsOn: readonly string[]): boolean {
  return dependsOn.some((pointer) => pointer === family || pointer === `${family}/${name}`);
}
