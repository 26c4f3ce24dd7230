// Whether calls can be judged here, and what is not as it should be. A problem need not make the proxy unready: with the
// grants, secrets or bundle from before it still serves.
import type { WireReadiness } from '@cardea/schemas/wire';
import type { Authority } from '../authority/authority.ts';
import type { Problems } from './problems.ts';

export interface Health {
  readonly authority: Pick<Authority, 'freshness' | 'bundle'>;
  readonly problems: Pick<Problems, 'list'>;
  readonly isDraining: () => boolean;
}

export function judgeReadiness(health: Health): WireReadiness {
  const { authority, problems, isDraining } = health;
  const bundle = authority.bundle()?.digest;
  const freshness = authority.freshness();
  const found = problems.list.map(({ code, message }) => ({ code, message }));
  if (freshness === 'stale')
    found.push({ code: 'stale_authority', message: 'the authority statement is too old' });
  if (freshness === 'lagging')
    found.push({
      code: 'lagging_authority',
      message: 'the authority was not heard for a moment; no cache is used',
    });
  if (bundle === undefined) found.push({ code: 'not_ready', message: 'no valid bundle is loaded' });
  if (isDraining()) found.push({ code: 'draining', message: 'the proxy is closing' });
  const ready = bundle !== undefined && freshness !== 'stale' && !isDraining() && !isUsageLost(health);
  return { ready, ...(bundle === undefined ? {} : { bundle }), problems: found };
}

/** Verdicts that read usage are denied while it cannot be counted; without counters none of them does. */
function isUsageLost({ authority, problems }: Health): boolean {
  const counters = authority.bundle()?.settings.counters ?? [];
  return counters.length > 0 && problems.list.some(({ code }) => usageCodes.has(code));
}

const usageCodes: ReadonlySet<string> = new Set(['usage_not_counted', 'usage_evictable']);
