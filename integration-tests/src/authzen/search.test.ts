// AuthZEN certification, level Search. Names begin with the section of the scenario.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PointOfDecision } from './pointOfDecision.ts';
import { admin, alice, archived, bob, context, read, record1, record2, write } from './words.ts';

const paths = {
  subject: '/access/v1/search/subject',
  resource: '/access/v1/search/resource',
  action: '/access/v1/search/action',
};
let pdp: PointOfDecision;

beforeAll(async () => {
  pdp = await PointOfDecision.start();
});

afterAll(() => pdp.stop());

async function resultsOf(path: string, request: unknown): Promise<unknown> {
  const reply = await pdp.post(path, request);
  expect(reply.status).toBe(200);
  return reply.body['results'];
}

describe('c-4-2: subject search', () => {
  const request = { subject: { type: 'user' }, action: read, resource: record1 };

  it.each([
    ['c-4-2-1: finds all who may', request],
    ['c-4-2-2: accepts a context', { ...request, context }],
    ['c-4-2-3: ignores an id', { ...request, subject: alice }],
  ])('%s', async (_, search) => {
    expect(await resultsOf(paths.subject, search)).toEqual([alice, bob]);
  });

  it('c-4-2-4: judges the properties of the resource', async () => {
    const search = { subject: { type: 'user' }, action: write, resource: archived };
    expect(await resultsOf(paths.subject, search)).toEqual([bob]);
  });
});

describe('c-4-3: resource search', () => {
  const request = { subject: alice, action: read, resource: { type: 'record' } };

  it.each([
    ['c-4-3-1: finds all that are permitted', request],
    ['c-4-3-2: accepts a context', { ...request, context }],
    ['c-4-3-3: ignores an id', { ...request, resource: record1 }],
  ])('%s', async (_, search) => {
    expect(await resultsOf(paths.resource, search)).toEqual([record1, record2]);
  });

  it('c-4-3-4: judges the properties of the subject', async () => {
    const search = { subject: admin, action: write, resource: { type: 'record' } };
    expect(await resultsOf(paths.resource, search)).toEqual([record2]);
  });
});

describe('c-4-4: action search', () => {
  it.each([
    ['c-4-4-1: finds all that are permitted', {}],
    ['c-4-4-2: accepts a context', { context }],
  ])('%s', async (_, more) => {
    const search = { subject: alice, resource: record1, ...more };
    expect(await resultsOf(paths.action, search)).toEqual([read, write]);
  });

  it('c-4-4-3: judges properties', async () => {
    const search = { subject: admin, resource: archived };
    expect(await resultsOf(paths.action, search)).toEqual([read, write]);
  });
});

describe('c-4-5: pagination', () => {
  const request = { subject: { type: 'user' }, action: read, resource: record1 };

  async function pageOf(page: object): Promise<{ results: unknown; next: string }> {
    const reply = await pdp.post(paths.subject, { ...request, page });
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.body)[0]).toBe('page');
    const { next_token } = reply.body['page'] as { next_token: string };
    return { results: reply.body['results'], next: next_token };
  }

  it('c-4-5-1 to c-4-5-3: gives all results, page by page, and an empty token at the end', async () => {
    const first = await pageOf({ limit: 1 });
    const second = await pageOf({ token: first.next });
    expect([first.results, second.results]).toEqual([[alice], [bob]]);
    expect([first.next, second.next]).toEqual([expect.stringMatching(/./), '']);
  });

  it('gives no results, and a way on, for a limit of 0', async () => {
    expect(await pageOf({ limit: 0 })).toEqual({ results: [], next: expect.stringMatching(/./) });
  });

  it.each([
    ['belongs to another search', { ...request, action: write }, {}],
    ['comes with another limit', request, { limit: 2 }],
  ])('answers 400 where the token %s', async (_, search, more) => {
    const { next } = await pageOf({ limit: 1 });
    const reply = await pdp.post(paths.subject, { ...search, page: { token: next, ...more } });
    expect(reply.status).toBe(400);
  });

  it('answers 400 for a token that it did not make', async () => {
    expect((await pdp.post(paths.subject, { ...request, page: { token: 'AAAA' } })).status).toBe(400);
  });
});

describe('c-4-6: nothing to find', () => {
  it.each([
    [
      'c-4-6-1: an unknown subject',
      paths.action,
      { subject: { type: 'user', id: 'nobody' }, resource: record1 },
    ],
    [
      'c-4-6-1: an unknown subject of a resource search',
      paths.resource,
      { subject: { type: 'user', id: 'nobody' }, action: read, resource: { type: 'record' } },
    ],
    [
      'c-4-6-2: an unknown subject type',
      paths.subject,
      { subject: { type: 'spaceship' }, action: read, resource: record1 },
    ],
    [
      'c-4-6-2: an unknown resource type',
      paths.resource,
      { subject: alice, action: read, resource: { type: 'spaceship' } },
    ],
    [
      'c-4-6-2: an input of unknown type',
      paths.action,
      { subject: { type: 'spaceship', id: 'x' }, resource: record1 },
    ],
    [
      'a type that no schema could have',
      paths.subject,
      { subject: { type: 'space ship' }, action: read, resource: record1 },
    ],
    [
      'an input type that no schema could have',
      paths.action,
      { subject: { type: 'space ship', id: 'x' }, resource: record1 },
    ],
  ])('answers an empty list for %s', async (_, path, request) => {
    expect(await resultsOf(path, request)).toEqual([]);
  });
});

describe('c-4-7: an error', () => {
  const record = { type: 'record' };
  const user = { type: 'user' };

  it.each([
    ['c-4-7-1: a subject search without action', paths.subject, { subject: user, resource: record1 }],
    ['c-4-7-1: a resource search without subject', paths.resource, { action: read, resource: record }],
    ['c-4-7-1: an action search without resource', paths.action, { subject: alice }],
    [
      'c-4-7-2: a subject search whose resource has no id',
      paths.subject,
      { subject: user, action: read, resource: record },
    ],
    [
      'c-4-7-2: a resource search whose subject has no id',
      paths.resource,
      { subject: user, action: read, resource: record },
    ],
    ['c-4-7-2: an action search whose subject has no id', paths.action, { subject: user, resource: record1 }],
  ])('answers 400 for %s', async (_, path, request) => {
    expect((await pdp.post(path, request)).status).toBe(400);
  });
});
