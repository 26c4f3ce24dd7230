// What one call adds to the counters of its bundle. Keys are made of ids with their lengths, so that none reads as another.
import type { Counter } from '@cardea/bundles/open';
import { readPointer } from '@cardea/schemas/json';
import type { Identity } from '../identify/identity.ts';
import type { Target } from '../resolve/target.ts';
import { totalMax, type Addition } from './usageStore.ts';

export interface Counting {
  readonly organisation: string;
  readonly identity: Pick<Identity, 'person' | 'agent'>;
  readonly target: Target;
}

/** One for each group where groups are counted. Undefined where the amount is none that can be added up. */
export function listAdditions(counter: Counter, counting: Counting): readonly Addition[] | undefined {
  const amount = amountOf(counter, counting.target);
  if (amount === undefined) return undefined;
  const { name, key, windowSeconds } = counter;
  return listKeys(key, counting).map((id) => ({
    key: writeParts([counting.organisation, name, key, String(windowSeconds), id]),
    amount,
    windowMs: windowSeconds * 1_000,
  }));
}

function listKeys(key: Counter['key'], { identity, target }: Counting): readonly string[] {
  switch (key) {
    case 'person':
      return [identity.person.id];
    case 'agent':
      return [identity.agent.id];
    case 'group':
      return identity.person.groups;
    case 'tool':
      return [target.id];
    case 'server':
      return [target.id.split('/', 1)[0] ?? target.id];
  }
}

/** A call that says nothing of the argument, or that is of another tool, adds nothing. */
function amountOf({ sum }: Counter, { id, input }: Target): number | undefined {
  if (sum === undefined) return 1;
  if (!sum.tools.includes(id)) return 0;
  const value = input === undefined ? undefined : readPointer(input, sum.argument);
  if (value === undefined || value === null) return 0;
  // Less than nothing would make room for more.
  if (typeof value !== 'number' || value < 0) return undefined;
  const whole = Math.ceil(value);
  return whole > totalMax ? undefined : whole;
}

function writeParts(parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('');
}
