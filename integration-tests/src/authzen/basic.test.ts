// AuthZEN certification, level Basic: Access Evaluation. Names begin with the section of the scenario.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PointOfDecision } from './pointOfDecision.ts';
import { active, admin, alice, archived, bob, context, deleteSoftly, read, record1, write } from './words.ts';

const path = '/access/v1/evaluation';
let pdp: PointOfDecision;

beforeAll(async () => {
  pdp = await PointOfDecision.start();
});

afterAll(() => pdp.stop());

describe('Basic Core: a request with required fields only', () => {
  it.each([
    ['c-2-2-1: permits rule 1', { subject: alice, action: read, resource: record1 }, true],
    ['c-1-4: permits rule 2', { subject: alice, action: write, resource: record1 }, true],
    ['c-1-4: permits rule 3', { subject: bob, action: read, resource: record1 }, true],
    ['c-2-2-2: denies rule 4', { subject: bob, action: write, resource: record1 }, false],
    ['c-2-2-3: accepts a context', { subject: alice, action: read, resource: record1, context }, true],
    [
      'c-2-2-8: accepts further properties',
      {
        subject: { ...alice, properties: { department: 'Sales', role: 'manager' } },
        action: { ...read, properties: { method: 'GET' } },
        resource: { ...record1, properties: { status: 'active', owner: 'bob' } },
      },
      true,
    ],
    [
      'c-2-2-9: ignores unknown fields',
      { subject: alice, action: read, resource: record1, foo: 'bar', futureField: { nested: true } },
      true,
    ],
  ])('%s', async (_, request, decision) => {
    const reply = await pdp.post(path, request);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json');
    expect(reply.body['decision']).toBe(decision);
    expect(reply.body['context']).toEqual(expect.any(Object));
  });
});

describe('Basic Properties: a request with properties', () => {
  it.each([
    ['c-2-2-4: denies rule 5', { subject: alice, action: write, resource: archived }, false],
    ['c-2-2-5: permits rule 6', { subject: admin, action: write, resource: archived }, true],
    ['c-2-2-6: permits rule 7', { subject: alice, action: deleteSoftly(true), resource: record1 }, true],
    ['c-2-2-7: denies rule 8', { subject: alice, action: deleteSoftly(false), resource: record1 }, false],
    ['c-2-2-4: judges the status, not the id', { subject: alice, action: write, resource: active }, true],
  ])('%s', async (_, request, decision) => {
    const reply = await pdp.post(path, request);
    expect([reply.status, reply.body['decision']]).toEqual([200, decision]);
  });
});

describe('c-2-4: an error', () => {
  const whole = { subject: alice, action: read, resource: record1 };

  it.each([
    ['c-2-4-1: no subject', { action: read, resource: record1 }],
    ['c-2-4-1: no action', { subject: alice, resource: record1 }],
    ['c-2-4-1: no resource', { subject: alice, action: read }],
    ['c-2-4-2: a subject without type', { ...whole, subject: { id: 'alice' } }],
    ['c-2-4-2: a subject without id', { ...whole, subject: { type: 'user' } }],
    ['c-2-4-2: an action without name', { ...whole, action: {} }],
    ['c-2-4-2: a resource without type', { ...whole, resource: { id: 'record-1' } }],
    ['c-2-4-2: a resource without id', { ...whole, resource: { type: 'record' } }],
    ['c-2-4-4: malformed JSON', '{"subject": '],
    ['c-2-4-5: an empty body', ''],
    ['c-2-4-6: a subject that is a text', { ...whole, subject: 'alice' }],
    ['c-2-4-6: an action name that is a number', { ...whole, action: { name: 123 } }],
    ['an empty identifier', { ...whole, subject: { type: 'user', id: '' } }],
  ])('answers 400 for %s', async (_, request) => {
    const reply = await pdp.post(path, request);
    expect(reply.status).toBe(400);
    expect(reply.body).toEqual({
      error: { code: expect.any(String), message: expect.any(String), requestId: expect.any(String) },
    });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'c-2-4-3: answers 400 for the content type %s',
    async (type) => {
      const reply = await pdp.post(path, whole, { 'content-type': type });
      expect([reply.status, reply.body]).toMatchObject([400, { error: { code: 'unsupported_media_type' } }]);
    },
  );
});

describe('c-2-5: the request id', () => {
  it.each([
    ['an answer', { subject: alice, action: read, resource: record1 }],
    ['a refusal', { subject: alice }],
  ])('c-2-5-1: is echoed by %s', async (_, request) => {
    const reply = await pdp.post(path, request, { 'x-request-id': 'bfe9eb29-ab87' });
    expect(reply.headers.get('x-request-id')).toBe('bfe9eb29-ab87');
  });

  it('c-2-5-2: may be left out', async () => {
    const reply = await pdp.post(path, { subject: alice, action: read, resource: record1 });
    expect(reply.status).toBe(200);
  });
});

describe('c-2-6: the same request', () => {
  it('gets the same decision each time', async () => {
    const request = { subject: alice, action: write, resource: archived };
    const replies = await Promise.all(Array.from({ length: 10 }, () => pdp.post(path, request)));
    expect(replies.map(({ body }) => body['decision'])).toEqual(Array(10).fill(false));
  });
});
