// A store of entries that its owner can do anything with, a cache on it, and what is asked and answered in its tests.
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import { Secret } from '../src/config/secret.ts';
import { EntryKeys } from '../src/decide/shared/entryKeys.ts';
import { readPaths } from '../src/decide/fingerprint.ts';
import { SharedCache, type EntryStore } from '../src/decide/shared/sharedCache.ts';
import type { SharedAnswer, SharedQuestion } from '../src/decide/shared/sharedVerdicts.ts';
import { CallFacts } from '../src/facts/callFacts.ts';
import type { RedisAnswer, RedisFailure } from '../src/redis/redisAnswer.ts';
import { sampleIdentity } from './sampleIdentity.ts';

export const startMs = Date.parse('2026-11-25T12:00:00Z');
export const currentBundle = 'sha256:1';
export const paths = readPaths(['/input/a']);

export class Shelf implements EntryStore {
  readonly entries = new Map<string, Buffer>();
  readonly lifetimes: number[] = [];
  failure: RedisFailure | undefined;

  read(key: string, bytesMax: number): Promise<RedisAnswer<Buffer>> {
    if (this.failure !== undefined) return Promise.resolve({ kind: 'failed', why: this.failure });
    const value = (this.entries.get(key) ?? Buffer.alloc(0)).subarray(0, bytesMax + 1);
    return Promise.resolve({ kind: 'answered', value });
  }

  write(key: string, bytes: Buffer, lifetimeMs: number): Promise<RedisAnswer<unknown>> {
    if (this.failure !== undefined) return Promise.resolve({ kind: 'failed', why: this.failure });
    this.entries.set(key, bytes);
    this.lifetimes.push(lifetimeMs);
    return Promise.resolve({ kind: 'answered', value: 'OK' });
  }

  /** Of verdicts. */
  get keys(): string[] {
    return [...this.entries.keys()].filter((key) => key.startsWith('verdict:'));
  }
}

export class SharedScene {
  readonly shelf = new Shelf();
  readonly outcomes: string[] = [];
  nowMs = startMs;
  current: string | undefined = currentBundle;

  /** As another proxy would have it. */
  makeCache(organisation = 'acme', root = 'r'): SharedCache {
    return new SharedCache({
      store: this.shelf,
      keys: new EntryKeys(organisation, [() => new Secret(root.repeat(32))]),
      organisation,
      currentBundle: () => this.current,
      now: () => this.nowMs,
      onLookup: (what, outcome) => this.outcomes.push(`${what} ${outcome}`),
      onWrite: (what, outcome) => this.outcomes.push(`${what} ${outcome}`),
    });
  }
}

export interface Asking {
  readonly input?: string;
  readonly person?: string;
  readonly id?: string;
  readonly bundle?: string;
}

export function ask(asking: Asking = {}): SharedQuestion {
  const { input = '{"a":1}', person = 'ann', id = 'desk/refund', bundle = currentBundle } = asking;
  const identity = sampleIdentity(person);
  const words = parseStrictJson(input) as JsonObject;
  const target = { method: 'tools/call', type: 'Tool', id, input: words } as const;
  const session = { id: 's', createdMs: 0, usedMs: 0 };
  const call = { identity, target, nowMs: startMs, session, address: '', client: '', protocol: '' };
  return { bundle, about: { identity, target }, facts: new CallFacts(call) };
}

const codes = { allow: 'allowed', deny: 'forbidden', hold: 'held', needs: 'facts_needed' } as const;

export function said(verdict: SharedAnswer['verdict'], change: Partial<SharedAnswer> = {}): SharedAnswer {
  return {
    verdict,
    code: codes[verdict],
    message: 'so it is',
    reasons: [
      { policy: 'a', effect: 'permit' },
      { policy: 'b', effect: 'forbid', message: 'no' },
    ],
    bundle: currentBundle,
    dependsOn: ['/input/a'],
    decisionId: 'd-1',
    expires: new Date(startMs + 3_600_000).toISOString(),
    ...change,
  };
}
