import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { issueStatement, type Floor } from '@cardea/bundles/authority';
import { AddressRanges } from '@cardea/dial';
import { digestOf, type Digest } from '@cardea/schemas/digest';
import { generateKey } from '@cardea/schemas/note';
import { archive, type MemoryArchive } from '../../../bundles/test/memoryArchive.ts';
import { build, makeSources, trust } from '../../../bundles/test/sample.ts';
import { StatementServer } from '../../test/statementServer.ts';
import { until } from '../../test/until.ts';
import type { DecisionEndpoint } from '../config/decisionEndpoint.ts';
import { Problems } from '../health/problems.ts';
import { followAuthority, type FollowedAuthority, type FollowOptions } from './followAuthority.ts';

const signer = generateKey('authority.example');
const one = await build();
const two = await build(makeSources({ 'policies/refunds.cedar': undefined }));
const both: MemoryArchive = archive(one);
for (const [digest, bytes] of two.blobs) both.blobs.set(digest, bytes);
both.manifests.set(two.digest, two.manifestBytes);
const sealOfTwo = archive(two).signatures.get(two.digest) as Uint8Array;

let server: StatementServer;
let decision: DecisionEndpoint;
let authority: FollowedAuthority;
let nowMs: number;
let seq: number;
/** Codes of problems as they come, `-subject` for their ends. */
let told: string[];

const state = (
  bundle: Digest,
  change: { seq?: number; revocations?: number; key?: typeof signer } = {},
): Uint8Array =>
  issueStatement(
    change.key ?? signer,
    { organisation: 'acme', seq: change.seq ?? (seq += 1), bundle },
    { now: () => nowMs, lifetimeMs: 30_000, revocations: change.revocations ?? 0 },
  );

function follow(change: Partial<FollowOptions> = {}): FollowedAuthority {
  const problems = new Problems((subject, problem) => told.push(problem?.code ?? `-${subject}`));
  authority = followAuthority({
    decision,
    dial: { allow: new AddressRanges() },
    source: both,
    trust,
    verifiers: [signer.verifier],
    now: () => nowMs,
    random: () => 0,
    report: problems.report,
    ...change,
  });
  return authority;
}

const connected = (): Promise<void> => until(() => server.streams === 1);
const current = (): Digest | undefined => authority.bundle()?.digest;

beforeEach(async () => {
  nowMs = Date.parse('2026-11-20T12:00:00.000Z');
  seq = 0;
  told = [];
  both.signatures.set(two.digest, sealOfTwo);
  server = new StatementServer();
  decision = await server.endpoint();
});

afterEach(async () => {
  await authority.close();
  await server.close();
});

describe('what is current', () => {
  it('is nothing before it was heard, and stale', async () => {
    follow();
    await connected();
    expect([authority.freshness(), authority.bundle()]).toEqual(['stale', undefined]);
    expect(server.requests[0]?.url).toBe('/v1/authority/stream');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer the-token');
  });

  it('is the bundle of the last statement, opened without what evaluates it', async () => {
    follow();
    await connected();
    server.send(state(one.digest));
    await authority.settle(5_000);
    expect(authority.freshness()).toBe('fresh');
    expect(authority.bundle()).toMatchObject({
      digest: one.digest,
      policyFiles: [],
      engineBytes: new Uint8Array(),
    });
    expect(authority.bundle()?.catalogs.map((catalog) => catalog.server.id)).toEqual(['github', 'stripe']);
  });

  it('lags when it is not heard of, and goes stale by silence alone', async () => {
    follow();
    await connected();
    server.send(state(one.digest));
    await authority.settle(5_000);
    nowMs += 5_001;
    expect(authority.freshness()).toBe('lagging');
    nowMs += 25_000;
    expect(authority.freshness()).toBe('stale');
  });

  it('switches and goes back, and tells of each switch once', async () => {
    let switches = 0;
    follow();
    const end = authority.onChange(() => (switches += 1));
    await connected();
    for (const [at, bundle] of [one, two, one].entries()) {
      server.send(state(bundle.digest));
      await until(() => current() === bundle.digest);
      server.send(state(bundle.digest, { seq }));
      expect(switches).toBe(at + 1);
    }
    end();
    server.send(state(two.digest));
    await until(() => current() === two.digest);
    expect(switches).toBe(3);
    expect(told).toEqual([]);
  });
});

describe('what is not believed', () => {
  it.each([
    ['a stranger', () => state(two.digest, { key: generateKey('authority.example') }), 'statement_forged'],
    ['a lower number', () => state(two.digest, { seq: 1 }), 'statement_lowered'],
    ['the same number for another bundle', () => state(two.digest, { seq }), 'statement_conflicting'],
    ['bytes that are no statement', () => Buffer.from('hello'), 'statement_malformed'],
  ])('is %s', async (_, make, code) => {
    seq = 1;
    follow();
    await connected();
    server.send(state(one.digest));
    await authority.settle(5_000);
    server.send(make());
    await until(() => told.length > 0);
    expect([told, current()]).toEqual([[code], one.digest]);
    server.send(state(one.digest));
    await until(() => told.length > 1);
    expect(told).toEqual([code, '-authority']);
  });

  it('is an older statement of another service, without a word', async () => {
    follow();
    await connected();
    server.send(state(one.digest));
    await authority.settle(5_000);
    nowMs -= 500;
    const late = state(one.digest, { seq });
    nowMs += 500;
    server.send(late);
    server.send(state(two.digest));
    await until(() => current() === two.digest);
    expect(told).toEqual([]);
  });

  it('is less than what was seen before a restart', async () => {
    const floor: Floor = { seq: 9, bundle: one.digest, revocations: 0 };
    follow({ floors: { load: () => floor, save: () => undefined } });
    await connected();
    server.send(state(one.digest, { seq: 8 }));
    await until(() => told.length > 0);
    expect([told, authority.freshness()]).toEqual([['statement_lowered'], 'stale']);
  });

  it('is a count of revocations that nobody here can read: everything is stale', async () => {
    follow();
    await connected();
    server.send(state(one.digest, { revocations: 1 }));
    await authority.settle(5_000);
    expect([told, authority.freshness()]).toEqual([['revocations_unread'], 'stale']);
  });
});

describe('a bundle that cannot be opened', () => {
  it('leaves the one before it, says so, and is tried again', async () => {
    follow();
    await connected();
    server.send(state(one.digest));
    await authority.settle(5_000);
    both.signatures.delete(two.digest);
    server.send(state(two.digest));
    await until(() => told.length > 0);
    expect([told, current(), authority.freshness()]).toEqual([['bundle_unsigned'], one.digest, 'lagging']);
    both.signatures.set(two.digest, sealOfTwo);
    await until(() => current() === two.digest);
    expect([told, authority.freshness()]).toEqual([['bundle_unsigned', '-bundle'], 'fresh']);
  });

  it('lets the one before it decide no longer than silence would', async () => {
    follow();
    await connected();
    server.send(state(one.digest));
    await authority.settle(5_000);
    both.signatures.delete(two.digest);
    const seen: string[] = [];
    for (const waitMs of [0, 20_000, 9_999, 2]) {
      nowMs += waitMs;
      const before = told.length;
      server.send(state(two.digest));
      await until(() => authority.lagMs() === 0 && (waitMs > 0 || told.length > before));
      seen.push(authority.freshness());
    }
    expect(seen).toEqual(['lagging', 'lagging', 'lagging', 'stale']);
    server.send(state(one.digest));
    await until(() => authority.freshness() === 'fresh');
  });

  it('is one that the trust of this proxy refuses', async () => {
    follow({ trust: { ...trust, guardrails: new Map([['mine', digestOf('x')]]) } });
    await connected();
    server.send(state(one.digest));
    await authority.settle(5_000);
    expect([told, current()]).toEqual([['bundle_missing_guardrail'], undefined]);
  });
});

describe('the stream', () => {
  it('is opened again when it ends, without a word where it comes back', async () => {
    follow();
    await connected();
    server.send(state(one.digest));
    await authority.settle(5_000);
    server.endStreams();
    await until(() => server.requests.length === 2 && server.streams === 1);
    server.send(state(two.digest));
    await until(() => current() === two.digest);
    expect(told).toEqual([]);
  });

  it.each<[string, (server: StatementServer) => void]>([
    ['refuses', (of) => (of.answer = (_, response) => response.writeHead(401).end('no'))],
    ['sends no events', (of) => (of.answer = (_, response) => response.writeHead(200).end('{}'))],
    [
      'never ends an event',
      (of) =>
        (of.answer = (_, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.write('x'.repeat(70_000));
        }),
    ],
    ['hangs up', (of) => (of.answer = (request) => request.socket.destroy())],
  ])('is a problem where the service %s, until it is heard again', async (_, spoil) => {
    spoil(server);
    follow();
    await until(() => server.requests.length >= 2);
    expect(told).toEqual(['authority_unheard']);
    server.answer = undefined;
    await connected();
    server.send(state(one.digest));
    await until(() => current() === one.digest);
    expect(told).toEqual(['authority_unheard', '-authority']);
  });

  it('reads statements whatever the pieces in which they arrive', async () => {
    follow();
    await connected();
    const text = `: hello\n\nevent: other\ndata: x\n\nevent: authority\n${Buffer.from(state(one.digest))
      .toString()
      .split('\n')
      .map((line) => `data: ${line}\n`)
      .join('')}\n`;
    for (const character of text) {
      server.write(character);
      await new Promise(setImmediate);
    }
    await until(() => current() === one.digest);
    expect(told).toEqual([]);
  });
});
