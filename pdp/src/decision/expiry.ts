// How long a verdict may be cached. A verdict that reads what changes by itself may not be cached at all.
import type { Verdict } from '@cardea/engine';
import type { Code } from '@cardea/schemas/codes';

const allowLifetimeMs = 60_000;
const denyLifetimeMs = 10_000;

/** Paths whose values pass without anybody's doing. */
const fleetingPaths = [
  '/request/time',
  '/session/ageSeconds',
  '/session/idleSeconds',
  '/usage',
  '/approvals',
];

/** Denials that are a verdict of the policies, and not of something that went wrong. */
const lastingDenials: ReadonlySet<Code> = new Set(['default_deny', 'forbidden']);

/** Undefined where the verdict may not be cached. */
export function findExpiry(verdict: Verdict, nowMs: number): number | undefined {
  if (verdict.kind === 'hold' || verdict.kind === 'needs') return undefined;
  if (verdict.kind === 'deny' && !lastingDenials.has(verdict.code)) return undefined;
  if (readsFleeting(verdict.dependsOn)) return undefined;
  return nowMs + (verdict.kind === 'allow' ? allowLifetimeMs : denyLifetimeMs);
}

/** Slices share their lists: a list that was looked at once need not be again. */
const known = new WeakMap<readonly string[], boolean>();

function readsFleeting(dependsOn: readonly string[]): boolean {
  const answer =
    known.get(dependsOn) ??
    dependsOn.some((path) => fleetingPaths.some((fleeting) => overlaps(path, fleeting)));
  known.set(dependsOn, answer);
  return answer;
}

/** One path is read with the other when either lies below it, or is it. */
function overlaps(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
