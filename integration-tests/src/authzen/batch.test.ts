// AuthZEN certification, level Batch: Access Evaluations. Names begin with the section of the scenario.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PointOfDecision } from './pointOfDecision.ts';
import { active, admin, alice, archived, bob, read, record1, record2, write } from './words.ts';

const path = '/access/v1/evaluations';
let pdp: PointOfDecision;

beforeAll(async () => {
  pdp = await PointOfDecision.start();
});

afterAll(() => pdp.stop());

async function decisionsOf(request: unknown): Promise<unknown[]> {
  const reply = await pdp.post(path, request);
  expect(reply.status).toBe(200);
  expect(reply.body).not.toHaveProperty('decision');
  return (reply.body['evaluations'] as { decision: unknown }[]).map(({ decision }) => decision);
}

describe('Batch Core', () => {
  it('c-3-2-1: decides each of the evaluations', async () => {
    const evaluations = [{ resource: record1 }, { resource: record2 }];
    const decisions = await decisionsOf({ subject: alice, action: read, evaluations });
    expect(decisions).toEqual([expect.any(Boolean), expect.any(Boolean)]);
  });

  it('c-3-2-2 and c-3-3: answers in the order of the request', async () => {
    const evaluations = [{ action: read }, { action: write }];
    expect(await decisionsOf({ subject: bob, resource: record1, evaluations })).toEqual([true, false]);
  });

  it('c-3-2-5: needs no defaults', async () => {
    const evaluations = [
      { subject: alice, action: read, resource: record1 },
      { subject: bob, action: write, resource: record1 },
    ];
    expect(await decisionsOf({ evaluations })).toEqual([true, false]);
  });

  it('c-3-2-6: inherits the context, and lets an evaluation replace it', async () => {
    const request = {
      subject: alice,
      action: read,
      context: { time: '2025-06-27T18:03-07:00' },
      evaluations: [
        { resource: record1 },
        { resource: record2, context: { time: '2025-06-27T19:00-07:00', source: 'batch-override' } },
      ],
    };
    expect(await decisionsOf(request)).toEqual([expect.any(Boolean), expect.any(Boolean)]);
  });
});

describe('Batch Properties', () => {
  it('c-3-2-3: judges the properties of each resource', async () => {
    const evaluations = [{ resource: active }, { resource: archived }];
    expect(await decisionsOf({ subject: alice, action: write, evaluations })).toEqual([true, false]);
  });

  it('c-3-2-4: judges the properties of each subject', async () => {
    const evaluations = [{ subject: alice }, { subject: admin }];
    expect(await decisionsOf({ action: write, resource: archived, evaluations })).toEqual([false, true]);
  });

  it('c-3-2-7: replaces a default as a whole', async () => {
    const request = {
      subject: alice,
      action: write,
      resource: active,
      evaluations: [{}, { resource: archived }],
    };
    expect(await decisionsOf(request)).toEqual([true, false]);
  });
});

describe('c-3-4: an error', () => {
  it('c-3-4-1: of one evaluation is the denial of that one', async () => {
    const reply = await pdp.post(path, {
      subject: alice,
      action: read,
      options: { evaluations_semantic: 'execute_all' },
      evaluations: [{ resource: record1 }, {}],
    });
    expect(reply.status).toBe(200);
    expect(reply.body['evaluations']).toMatchObject([
      { decision: true },
      { decision: false, context: { code: 'invalid_request', message: expect.stringContaining('resource') } },
    ]);
  });

  it.each([
    ['c-3-4-2: is missing', {}],
    ['c-3-4-3: is empty', { evaluations: [] }],
  ])('answers as the single evaluation does where the list %s', async (_, list) => {
    const reply = await pdp.post(path, { subject: alice, action: read, resource: record1, ...list });
    expect([reply.status, reply.body['decision']]).toEqual([200, true]);
    expect(reply.body).not.toHaveProperty('evaluations');
  });

  it.each([
    ['a list that is none', { evaluations: 'all' }],
    ['a default that is none', { subject: 'alice', evaluations: [{}] }],
    ['an unknown semantic', { evaluations: [{}], options: { evaluations_semantic: 'some' } }],
  ])('answers 400 for %s', async (_, request) => {
    expect((await pdp.post(path, request)).status).toBe(400);
  });
});

describe('the semantics', () => {
  const evaluations = [{ action: read }, { action: write }, { action: read }];

  it.each([
    ['execute_all', [true, false, true]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
  ])('%s', async (evaluations_semantic, expected) => {
    const request = { subject: bob, resource: record1, evaluations, options: { evaluations_semantic } };
    expect(await decisionsOf(request)).toEqual(expected);
  });

  it('counts a failed evaluation as a denial', async () => {
    const options = { evaluations_semantic: 'deny_on_first_deny' };
    const request = { subject: alice, action: read, evaluations: [{}, { resource: record1 }], options };
    expect(await decisionsOf(request)).toEqual([false]);
  });
});
