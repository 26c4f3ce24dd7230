// Verdicts over an MCP bundle, through real HTTP and real workers.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codes } from '@cardea/schemas/codes';
import { decisionSchema } from '@cardea/schemas/wire';
import { callOf, facts, mcpSources, person, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService } from './testService.ts';

let archive: TestArchive;
let service: TestService;
let digest: string;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  digest = await archive.publish(mcpSources);
  archive.keepStating();
  service = await TestService.start(archive);
});

afterAll(async () => {
  await service.close();
  await archive.remove();
});

describe('POST /access/v1/evaluation', () => {
  const refund = (amount: unknown): object => ({
    ...callOf('stripe/create_refund', { amount }),
    subject: person('carol', 'support'),
  });
  const without = (...families: readonly string[]): object =>
    Object.fromEntries(Object.entries(facts).filter(([family]) => !families.includes(family)));

  it.each([
    ['allows what a policy permits', callOf('github/create_issue', { title: 'x' }), 'allow', 'allowed'],
    [
      'allows a tool by its own action',
      { ...callOf('github/create_issue', { title: 'x' }), action: { name: 'github/create_issue' } },
      'allow',
      'allowed',
    ],
    [
      'denies what no policy permits',
      { ...callOf('github/create_issue', { title: 'x' }), subject: person('bob') },
      'deny',
      'default_deny',
    ],
    ['denies what a policy forbids', callOf('github/new_tool', {}), 'deny', 'forbidden'],
    ['judges arguments', refund(10_001), 'deny', 'default_deny'],
    ['holds for people', refund(5_001), 'hold', 'held'],
    ['denies a value without a Cedar type', refund('many'), 'deny', 'unrepresentable_value'],
    ['denies an unknown tool', callOf('github/nothing', {}), 'deny', 'unknown_tool'],
    ['denies an unknown server', { ...callOf('gitlab/nothing', {}) }, 'deny', 'unknown_tool'],
    [
      'denies an action that is none of the tool',
      { ...callOf('github/create_issue', { title: 'x' }), action: { name: 'prompts/get' } },
      'deny',
      'unknown_tool',
    ],
    [
      'judges a method of MCP',
      { ...callOf('github', {}), action: { name: 'tools/list' }, resource: { type: 'Server', id: 'github' } },
      'allow',
      'allowed',
    ],
    [
      'judges a prompt',
      {
        ...callOf('github', {}),
        action: { name: 'prompts/get' },
        resource: { type: 'Prompt', id: 'github/summarise' },
      },
      'deny',
      'default_deny',
    ],
    [
      'judges facts',
      callOf('github/delete_repo', {}, { ...facts, usage: { hour: 21 } }),
      'deny',
      'forbidden',
    ],
    [
      'asks for facts that policies read',
      callOf('github/delete_repo', {}, without('usage')),
      'needs',
      'facts_needed',
    ],
    [
      'asks for no fact that no policy reads',
      callOf('github/create_issue', { title: 'x' }, {}),
      'allow',
      'allowed',
    ],
    [
      'lets through what people have approved',
      callOf(
        'stripe/create_refund',
        { amount: 5001 },
        { ...facts, approvals: { policies: ['large-refunds-need-finance'], people: ['carol'] } },
      ),
      'allow',
      'allowed',
    ],
    [
      'denies another bundle than the pinned one',
      { ...callOf('github/create_issue', { title: 'x' }), bundle: 'sha256:other' },
      'deny',
      'bundle_changed',
    ],
  ])('%s', async (_, request, verdict, code) => {
    const reply = await service.evaluate(request);
    expect([reply.status, reply.body]).toMatchObject([
      200,
      { decision: verdict === 'allow', context: { verdict, code, bundle: digest } },
    ]);
    decisionSchema.parse(reply.body);
  });

  it.each([
    ['9007199254740993', 'held'],
    ['9007199254740992', 'default_deny'],
    ['9223372036854775807', 'default_deny'],
  ])('judges the integer %s exactly', async (amount, code) => {
    const text = JSON.stringify(refund(1)).replace('"amount":1', `"amount":${amount}`);
    expect((await service.evaluate(text)).body).toMatchObject({ context: { code } });
  });

  it('gives what people have approved no time to be cached: without them the same call is held', async () => {
    const approvals = { policies: ['large-refunds-need-finance'], people: ['carol'] };
    const approved = { ...(refund(5_001) as { context: object }) };
    approved.context = { ...approved.context, approvals };
    const { body } = await service.evaluate(approved);
    expect(body).toMatchObject({ decision: true, context: { dependsOn: ['/input/amount'] } });
    expect(body['context']).not.toHaveProperty('expires');
  });

  it('names what was read, what fired, who approves and until when the answer holds', async () => {
    const held = await service.evaluate(refund(5_001));
    expect(held.body['context']).toEqual({
      verdict: 'hold',
      code: 'held',
      message: 'Refunds above 50.00 need a second pair of eyes.',
      reasons: [
        {
          policy: 'large-refunds-need-finance',
          effect: 'forbid',
          message: 'Refunds above 50.00 need a second pair of eyes.',
        },
      ],
      bundle: digest,
      dependsOn: ['/input/amount'],
      approvers: ['finance'],
      decisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const allowed = await service.evaluate(refund(100));
    expect(allowed.body['context']).toMatchObject({
      expires: expect.stringMatching(/Z$/),
      reasons: [{ policy: 'support-small-refunds' }],
    });
  });

  it.each([
    ['an allow for a minute', callOf('github/create_issue', { title: 'x' }), 60_000],
    ['a denial for ten seconds', callOf('github/new_tool', {}), 10_000],
    ['nothing that reads usage', callOf('github/delete_repo', {}), undefined],
    ['nothing that is held', refund(5_001), undefined],
    ['nothing that needs facts', callOf('github/delete_repo', {}, {}), undefined],
    ['nothing that went wrong', refund('many'), undefined],
  ])('lets callers keep %s', async (_, request, lifetimeMs) => {
    const { body } = await service.evaluate(request);
    const { expires } = body['context'] as { expires?: string };
    if (lifetimeMs === undefined) expect(expires).toBeUndefined();
    else expect(Math.abs(Date.parse(expires ?? '') - Date.now() - lifetimeMs)).toBeLessThan(5_000);
  });

  it('answers the same for every name that it does not know', async () => {
    const answers = ['github/nothing', 'github/creat_issue', 'gitlab/x', 'x'].map(async (id) => {
      const { body } = await service.evaluate(callOf(id, { any: 'thing' }));
      return { ...(body['context'] as object), decisionId: '' };
    });
    const [first, ...others] = await Promise.all(answers);
    for (const other of others) expect(other).toEqual(first);
  });

  it.each([
    ['undeclared_argument', callOf('github/create_issue', { title: 'x', titel: 'y' })],
    ['folded_key', callOf('stripe/create_refund', { amount: 1, AMOUNT: 1 })],
    ['missing_argument', callOf('stripe/create_refund', {})],
    [
      'reserved_key',
      callOf('stripe/create_refund', { amount: { __entity: { type: 'Group', id: 'finance' } } }),
    ],
    [
      'invalid_request',
      callOf(
        'github/create_issue',
        { title: 'x' },
        { ...facts, request: { ...facts.request, time: 'noon' } },
      ),
    ],
    [
      'invalid_request',
      callOf(
        'github/create_issue',
        { title: 'x' },
        { ...facts, request: { ...facts.request, address: 'here' } },
      ),
    ],
    ['invalid_request', callOf('github/create_issue', { title: 'x' }, { ...facts, usage: {} })],
    ['invalid_request', callOf('github/create_issue', { title: 'x' }, { ...facts, usage: { hour: -1 } })],
    [
      'invalid_request',
      callOf('github/create_issue', { title: 'x' }, { ...facts, session: { ...facts.session, extra: 1 } }),
    ],
    ['invalid_request', callOf('github/create_issue', { title: 'x' }, { ...facts, agent: { id: 'claude' } })],
    [
      'invalid_request',
      { ...callOf('github/create_issue', { title: 'x' }), subject: { type: 'Person', id: 'alice' } },
    ],
    [
      'invalid_request',
      {
        ...callOf('github/create_issue', { title: 'x' }),
        subject: { type: 'Robot', id: 'alice', properties: { groups: [] } },
      },
    ],
    ['invalid_request', { ...callOf('x', {}), resource: { type: 'Planet', id: 'x' } }],
    ['invalid_request', { ...callOf('stripe/create_refund', {}), context: { input: [] } }],
  ] as const)('refuses with %s', async (code, request) => {
    const reply = await service.evaluate(request);
    expect([reply.status, reply.body]).toMatchObject([codes[code].http, { error: { code } }]);
  });

  it.each([
    ['names alone, where the proxy stands before one server', { type: 'tool', id: 'create_issue' }],
    [
      'names with their server as a property',
      { type: 'tool', id: 'create_issue', properties: { server: 'github' } },
    ],
    ['names with their server in the id', { type: 'tool', id: 'github/create_issue' }],
  ])("takes the words of AuthZEN's MCP profile: %s", async (name, resource) => {
    const one = await TestService.start(archive, {
      workers: 1,
      callers: [
        {
          class: 'proxy',
          name: 'one',
          tokenSha256: '3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0',
          servers: name.startsWith('names alone') ? ['github'] : ['github', 'stripe'],
        },
      ],
    });
    const request = {
      subject: { type: 'identity', id: 'alice' },
      action: { name: 'tools/call' },
      resource,
      context: { agent: 'https://agent.example', input: { title: 'x' } },
    };
    const reply = await one.evaluate(request, 'token');
    await one.close();
    expect([reply.status, reply.body]).toMatchObject([200, { context: { code: 'default_deny' } }]);
  });
});
