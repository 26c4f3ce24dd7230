// What the service offers beside verdicts, over an MCP bundle, through real HTTP and real workers.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dependsAnswerSchema, discoverAnswerSchema, explainAnswerSchema } from '@cardea/schemas/wire';
import { callOf, facts, mcpSources, person, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService } from './testService.ts';

/** Not the office. */
const elsewhere = { ...facts.request, address: '192.0.2.1' };

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

describe('POST /v1/depends', () => {
  it.each([
    ['stripe/create_refund', ['/input/amount'], []],
    ['github/delete_repo', ['/usage/hour'], ['usage']],
    ['github/search_code', ['/request/address'], ['request']],
    ['github/nothing', [], []],
  ])('says what verdicts on %s can read', async (id, dependsOn, families) => {
    const { subject, action, resource } = callOf(id, {}) as Record<string, unknown>;
    const reply = await service.post('/v1/depends', { subject, action, resource });
    expect(dependsAnswerSchema.parse(reply.body)).toEqual({ bundle: digest, dependsOn, families });
  });
});

describe('POST /v1/discover', () => {
  const visible = async (query: object): Promise<string[]> => {
    const reply = await service.post('/v1/discover', query);
    expect(reply.status).toBe(200);
    return discoverAnswerSchema.parse(reply.body).visible.map(({ id }) => id);
  };

  it('shows what could be allowed or held, and hides the rest', async () => {
    const builder = person('alice', 'builders');
    expect(await visible({ subject: builder, server: 'github' })).toEqual([
      'github/create_issue',
      'github/search_code',
      'github/delete_repo',
    ]);
    expect(await visible({ subject: person('bob'), server: 'github' })).toEqual(['github/search_code']);
    expect(await visible({ subject: person('carol', 'support'), server: 'stripe' })).toEqual([
      'stripe/create_refund',
    ]);
  });

  it('answers for the resources that are named, in their order', async () => {
    const names = ['github/search_code', 'github/new_tool', 'github/nothing', 'github/create_issue'];
    const resources = names.map((id) => ({ type: 'Tool', id }));
    expect(await visible({ subject: person('alice', 'builders'), resources })).toEqual([
      'github/search_code',
      'github/create_issue',
    ]);
  });

  it.each([
    ['neither resources nor a server', {}],
    ['both', { resources: [], server: 'github' }],
  ])('refuses %s', async (_, query) => {
    const reply = await service.post('/v1/discover', { subject: person('alice'), ...query });
    expect([reply.status, reply.body]).toMatchObject([400, { error: { code: 'invalid_request' } }]);
  });
});

describe('POST /v1/explain', () => {
  it('tells an author which clause failed, and which permits come nearest', async () => {
    const request = {
      ...callOf('stripe/create_refund', { amount: 20_000 }),
      subject: person('carol', 'support'),
    };
    const reply = await service.post('/v1/explain', request);
    const { policies, context } = explainAnswerSchema.parse(reply.body);
    expect(context.code).toBe('default_deny');
    expect(policies.find(({ policy }) => policy === 'support-small-refunds')).toMatchObject({
      outcome: 'not_satisfied',
      clauses: [{ outcome: 'fails', text: expect.stringContaining('context.input.amount <= 10000') }],
    });
  });

  it('has nothing to say about what the bundle does not know', async () => {
    const reply = await service.post('/v1/explain', callOf('github/nothing', {}));
    expect(reply.body).toMatchObject({ context: { code: 'unknown_tool' }, policies: [] });
  });
});

describe('searches', () => {
  it('finds the tools that a list may show', async () => {
    const search = { subject: person('bob'), action: { name: 'tools/call' }, resource: { type: 'Tool' } };
    const reply = await service.post('/access/v1/search/resource', search);
    expect(reply.body['results']).toEqual([
      { type: 'Tool', id: 'github/search_code' },
      { type: 'Tool', id: 'stripe/create_refund' },
    ]);
  });

  it.each([
    ['the address that a forbid reads', `"request":${JSON.stringify(elsewhere)}`, ['stripe/create_refund']],
    ['arguments that no permit covers', '"input":{"amount":9000}', []],
    ['arguments that a permit names', '"input":{"amount":9007199254740993}', ['stripe/create_refund']],
    ['arguments of one tool', '"input":{"query":"x"}', ['github/search_code']],
  ])('goes by %s where they are stated', async (_, context, found) => {
    const subject = JSON.stringify(person('bob'));
    const search = `{"subject":${subject},"action":{"name":"tools/call"},"resource":{"type":"Tool"},"context":{${context}}}`;
    const reply = await service.post('/access/v1/search/resource', search);
    expect(reply.body['results']).toEqual(found.map((id) => ({ type: 'Tool', id })));
  });

  it('finds the actions on a server', async () => {
    const search = { subject: person('bob'), resource: { type: 'Server', id: 'github' } };
    expect((await service.post('/access/v1/search/action', search)).body['results']).toEqual([
      { name: 'tools/list' },
    ]);
  });

  it('knows no subjects, and says so', async () => {
    const search = {
      subject: { type: 'Person' },
      action: { name: 'tools/call' },
      resource: { type: 'Tool', id: 'x' },
    };
    expect((await service.post('/access/v1/search/subject', search)).status).toBe(404);
    const { body } = await service.get('/.well-known/authzen-configuration');
    expect(Object.keys(body)).not.toContain('search_subject_endpoint');
  });
});

describe('GET /v1/bundles', () => {
  it('names the bundle in service and what a proxy needs to know of it', async () => {
    expect((await service.get('/v1/bundles/current')).body).toMatchObject({
      bundle: digest,
      organisation: 'acme',
      profile: 'mcp',
      semantics: 1,
      policies: 10,
      counters: [{ name: 'hour', key: 'person', windowSeconds: 3600 }],
    });
  });

  it('gives the manifest of any archived bundle, byte for byte', async () => {
    const reply = await service.get(`/v1/bundles/${digest}`);
    expect(reply.body).toMatchObject({ format: 'cardea-bundle/1', organisation: 'acme' });
  });

  it.each(['sha256:' + '0'.repeat(64), 'latest', '..%2f..%2fhead'])('has nothing under %s', async (name) => {
    expect((await service.get(`/v1/bundles/${name}`)).status).toBe(404);
  });
});
