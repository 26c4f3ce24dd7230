import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@cardea/engine';
import { findExpiry } from './expiry.ts';

const allow = (...dependsOn: string[]): Verdict => ({ kind: 'allow', reasons: [], dependsOn });

describe('findExpiry', () => {
  it.each([
    ['nothing', [], 60_000],
    ['arguments', ['/input/amount'], 60_000],
    ['the address', ['/request/address'], 60_000],
    ['the age in hours', ['/session/ageHours'], 60_000],
    ['a path that only begins alike', ['/usages', '/request/timezone'], 60_000],
    ['the time', ['/request/time'], undefined],
    ['the whole request', ['/request'], undefined],
    ['the age in seconds', ['/session/ageSeconds'], undefined],
    ['how long the session was idle', ['/session/idleSeconds'], undefined],
    ['a counter', ['/input/a', '/usage/hour'], undefined],
    ['approvals', ['/approvals/people'], undefined],
    ['the whole context', [''], undefined],
  ])('of an allow that reads %s', (_, dependsOn, lifetimeMs) => {
    const expiry = findExpiry(allow(...dependsOn), 1_000);
    expect(expiry).toBe(lifetimeMs === undefined ? undefined : 1_000 + lifetimeMs);
  });

  const common = { reasons: [], dependsOn: [] };

  it.each<[string, Verdict, number | undefined]>([
    ['a default denial', { kind: 'deny', code: 'default_deny', ...common }, 10_000],
    ['a denial by a policy', { kind: 'deny', code: 'forbidden', ...common }, 10_000],
    ['a policy that failed', { kind: 'deny', code: 'policy_error', ...common }, undefined],
    ['an engine that failed', { kind: 'deny', code: 'engine_fault', ...common }, undefined],
    ['a value without a type', { kind: 'deny', code: 'unrepresentable_value', ...common }, undefined],
    ['a hold', { kind: 'hold', approvers: ['finance'], ...common }, undefined],
    ['missing facts', { kind: 'needs', families: ['usage'], dependsOn: [] }, undefined],
  ])('of %s', (_, verdict, expiry) => {
    expect(findExpiry(verdict, 0)).toBe(expiry);
  });
});
