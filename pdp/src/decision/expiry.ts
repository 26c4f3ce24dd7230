// How long a verdict may be cached. A verdict that reads what changes by itself may not be cached at all.
import type { Verdict } from '@cardea/engine';
import { readsFleeting } from '@cardea/schemas/cedar';
import type { Code } from '@cardea/schemas/codes';

const allowLifetimeMs = 60_000;
const denyLifetimeMs = 10_000;

/** Denials that are a verdict of the policies, and not of something that went wrong. */
const lastingDenials: ReadonlySet<Code> = new Set(['default_deny', 'forbidden']);

/** Undefined where the verdict may not be cached. */
export function findExpiry(verdict: Verdict, nowMs: number): number | undefined {
  if (verdict.kind === 'hold' || verdict.kind === 'needs') return undefined;
  if (verdict.kind === 'deny' && !lastingDenials.has(verdict.code)) return undefined;
  if (readsFleeting(verdict.dependsOn)) return undefined;
  return nowMs + (verdict.kind === 'allow' ? allowLifetimeMs : denyLifetimeMs);
}
