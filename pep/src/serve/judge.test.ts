import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OpenedBundle } from '@cardea/bundles/open';
import { readCatalog } from '@cardea/schemas/mcp';
import { parseStrictJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import type { Message } from '../admit/message.ts';
import { Decider } from '../decide/decider.ts';
import { VerdictCache } from '../decide/verdictCache.ts';
import { VisibleSets } from '../resolve/visibleSets.ts';
import { TaskTable, taskLimitsDefault } from '../tasks/taskTable.ts';
import { Catalogs } from './catalog.ts';
import { Judge, type Asker } from './judge.ts';

const catalog = {
  server: { id: 'desk', owner: 'o', risk: 'low', environment: 'test' },
  tools: [{ name: 'refund', review: 'approved', effect: 'read', inputSchema: { type: 'object' } }],
};
const bundleOf = (digest: string): OpenedBundle =>
  ({ digest, catalogs: [readCatalog(parseStrictJson(JSON.stringify(catalog)))] }) as unknown as OpenedBundle;

let freshness: 'fresh' | 'lagging' | 'stale';
let current: OpenedBundle | undefined;
/** What the decision service serves. */
let served: string;
let questions: JsonObject[];
let fail: Error | undefined;
let nowMs: number;
let judge: Judge;

const ask = (path: string, body: string): Promise<JsonValue> => {
  if (fail !== undefined) return Promise.reject(fail);
  const question = parseStrictJson(body) as JsonObject;
  questions.push(question);
  if (path === '/v1/discover') {
    return Promise.resolve({ bundle: served, visible: [{ type: 'Tool', id: 'desk/refund' }] });
  }
  const isChanged = question['bundle'] !== served;
  const context = {
    verdict: isChanged ? 'deny' : 'allow',
    code: isChanged ? 'bundle_changed' : 'allowed',
    message: '',
    reasons: [],
    bundle: served,
    dependsOn: [],
    decisionId: 'd',
  };
  return Promise.resolve({ decision: !isChanged, context });
};

beforeEach(() => {
  freshness = 'fresh';
  current = bundleOf('b1');
  served = 'b1';
  questions = [];
  fail = undefined;
  nowMs = 1_000_000;
  const now = (): number => nowMs;
  const cache = new VerdictCache(10, now);
  judge = new Judge({
    catalogs: new Catalogs({ freshness: () => freshness, bundle: () => current }),
    visibleSets: new VisibleSets({ ask }),
    decider: new Decider({ endpoint: { ask }, cache, isFresh: () => true, now, onDecided: () => undefined }),
    tasks: new TaskTable(taskLimitsDefault, now),
    identities: { requireScope: () => undefined },
    now,
  });
});

const asker: Asker = {
  server: 'desk',
  era: 'legacy',
  identity: sampleIdentity('ann'),
  session: undefined,
  use: { name: 'g-ann', createdMs: 1_000_000, usedMs: 1_000_000, calls: 1 },
  headers: { 'user-agent': 'x'.repeat(1_000) },
  address: '10.0.0.1',
  protocol: '2025-11-25',
};

const call: Message = { kind: 'request', id: 1, method: 'tools/call', params: { name: 'refund' } };
const notification: Message = {
  kind: 'notification',
  method: 'notifications/initialized',
  params: undefined,
};
const answer: Message = { kind: 'response', id: 1, outcome: { kind: 'result', result: {} } };

const codeOf = async (message: Message, who = asker): Promise<string> => {
  const verdict = await judge.judge(message, who);
  return verdict.kind === 'allow' ? 'allowed' : verdict.code;
};

describe('Judge', () => {
  it('allows what the decision service allows', async () => {
    expect([await codeOf(call), await codeOf(notification)]).toEqual(['allowed', 'allowed']);
    expect(await judge.judgeListening(asker)).toMatchObject({ kind: 'allow' });
    expect(questions.map((question) => question['action'])).toMatchObject([
      undefined,
      { name: 'tools/call' },
      { name: 'initialize' },
      { name: 'initialize' },
    ]);
  });

  it.each<[string, () => void, string]>([
    ['nobody knows what is current', () => (freshness = 'stale'), 'stale_authority'],
    ['there is no bundle', () => (current = undefined), 'not_ready'],
    ['the bundle has no such server', () => undefined, 'not_offered'],
  ])('denies everything while %s', async (_, spoil, code) => {
    spoil();
    const who = code === 'not_offered' ? { ...asker, server: 'other' } : asker;
    for (const message of [call, notification, answer]) expect(await codeOf(message, who)).toBe(code);
    expect(await judge.judgeListening(who)).toMatchObject({ kind: 'deny', code });
    expect(await judge.judgeServer('ping', who)).toMatchObject({ kind: 'deny', code });
    expect(() => {
      judge.requireServed(who.server);
    }).toThrow();
    expect(questions).toEqual([]);
  });

  it('goes on while statements are late', async () => {
    freshness = 'lagging';
    expect(await codeOf(call)).toBe('allowed');
  });

  it('begins again with the bundle that comes, and gives up on one that does not', async () => {
    served = 'b2';
    setTimeout(() => (current = bundleOf('b2')), 60);
    expect(await codeOf(call)).toBe('allowed');
    served = 'b3';
    setTimeout(() => (nowMs += 3_000), 60);
    expect(await codeOf(call)).toBe('bundle_changed');
  });

  it('does not wait for ever when its clock is set back', async () => {
    served = 'b2';
    setTimeout(() => (nowMs -= 3_600_000), 60);
    expect(await codeOf(call)).toBe('bundle_changed');
  });

  it('takes its own faults for denials, and says nothing of them', async () => {
    fail = new TypeError('a secret');
    expect(await judge.judge(call, asker)).toEqual({
      kind: 'deny',
      code: 'internal_fault',
      message: 'The service failed; nothing was allowed.',
    });
  });

  it.each(['tools/call', 'tools/list', 'initialize', 'resources/read', ''])(
    'lets no server ask a client for %j',
    async (method) => {
      expect(await judge.judgeServer(method, asker)).toMatchObject({ code: 'unknown_method' });
    },
  );

  it('lets servers ask what the policies allow', async () => {
    expect(await judge.judgeServer('sampling/createMessage', asker)).toMatchObject({ kind: 'allow' });
    expect(questions[0]).toMatchObject({ resource: { type: 'Server', id: 'desk' } });
  });

  it('cuts the name of the client', async () => {
    await codeOf(call);
    const { context } = questions[1] as { context: { request: { client: string } } };
    expect(context.request.client.length).toBe(128);
  });
});
