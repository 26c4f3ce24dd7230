// Requests that are made to break something, among others that are not: every bad one gets its code, every good one
// its verdict, and the service stays what it was.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { codes, type Code } from '@cardea/schemas/codes';
import { tokens } from './client.ts';
import { callOf, mcpSources, person, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService } from './testService.ts';

const rounds = 250;
const atOnce = 16;

let archive: TestArchive;
let service: TestService;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  await archive.publish(mcpSources);
  archive.keepStating();
  service = await TestService.start(archive, { limits: { callerRequestsPerSecondMax: 10_000_000 } });
});

afterAll(async () => {
  await service.close();
  await archive.remove();
});

interface Attempt {
  readonly path: string;
  readonly body: string;
  /** What the answer has to say: a code of refusal, or of a verdict. */
  readonly code: Code;
}

const evaluation = '/access/v1/evaluation';
const issue = JSON.stringify(callOf('github/create_issue', { title: 'x' }));
const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const titled = (json: string): string => issue.replace('"title":"x"', `"title":${json}`);

/** One of each kind; `salt` keeps any two rounds apart. */
function makeAttempts(salt: number): Attempt[] {
  const refund = (amount: string): string =>
    JSON.stringify({
      ...callOf('stripe/create_refund', { amount: 0, note: String(salt) }),
      subject: person('carol', 'support'),
    }).replace('"amount":0', `"amount":${amount}`);
  return [
    { path: evaluation, body: titled(JSON.stringify(`issue ${salt}`)), code: 'allowed' },
    { path: evaluation, body: refund('1'), code: 'allowed' },
    { path: evaluation, body: refund('5001'), code: 'held' },
    { path: evaluation, body: refund('-9223372036854775808'), code: 'allowed' },
    { path: evaluation, body: refund('9223372036854775808'), code: 'inexact_number' },
    { path: evaluation, body: refund('1e999'), code: 'inexact_number' },
    { path: evaluation, body: refund('null'), code: 'unrepresentable_value' },
    { path: evaluation, body: refund('[[[[[[1]]]]]]'), code: 'unrepresentable_value' },
    { path: evaluation, body: refund(`{"__extn":{"fn":"ip","arg":"${salt}"}}`), code: 'reserved_key' },
    { path: evaluation, body: refund('{"__entity":{"type":"Group","id":"builders"}}'), code: 'reserved_key' },
    { path: evaluation, body: titled(deep(63)), code: 'too_deep' },
    { path: evaluation, body: titled(deep(10_000)), code: 'too_deep' },
    { path: evaluation, body: titled('"\\udc00"'), code: 'invalid_text' },
    { path: evaluation, body: titled('"\u0000"'), code: 'invalid_json' },
    { path: evaluation, body: titled(`"x","t\\u0069tle":"${salt}"`), code: 'duplicate_key' },
    { path: evaluation, body: issue.replace('"Person"', '"Person\\u0000"'), code: 'invalid_request' },
    { path: evaluation, body: issue.replace('"builders"', '{"id":"builders"}'), code: 'invalid_request' },
    {
      path: evaluation,
      body: issue.replace('github/create_issue', `github/${'../'.repeat(50)}`),
      code: 'unknown_tool',
    },
    { path: evaluation, body: issue.replace('github/create_issue', '__proto__'), code: 'unknown_tool' },
    {
      path: '/access/v1/evaluations',
      body: `{"evaluations":[${Array(10_000).fill('{}').join(',')}]}`,
      code: 'too_large',
    },
    {
      path: '/v1/discover',
      body: JSON.stringify({ subject: person('a'), resources: Array(2_049).fill({ type: 'Tool', id: 'x' }) }),
      code: 'too_large',
    },
  ];
}

async function codeOf({ path, body }: Attempt): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens.author}` };
  const response = await fetch(`${service.address}${path}`, { method: 'POST', headers, body });
  const answer = (await response.json()) as { error?: { code: Code }; context?: { code: Code } };
  const code = answer.error?.code ?? answer.context?.code;
  return code !== undefined && response.status === codes[code].http
    ? code
    : { ...answer, status: response.status };
}

it('refuses every bad request with its code, answers every good one, and stays as large as it was', async () => {
  const attempts = Array.from({ length: rounds }, (_, salt) => makeAttempts(salt)).flat();
  const wrong: unknown[] = [];
  const rss: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let attempt = attempts[next++]; attempt !== undefined; attempt = attempts[next++]) {
      const code = await codeOf(attempt);
      if (code !== attempt.code) wrong.push({ attempt, code });
      if (next % 500 === 0) rss.push(process.memoryUsage.rss());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  expect(attempts.length).toBeGreaterThan(5_000);
  expect(wrong).toEqual([]);
  expect(Math.max(...rss.slice(-3)) / Math.max(...rss.slice(2, 5))).toBeLessThan(1.5);
  expect(service.events.map(({ event }) => event)).toEqual(['bundle_loaded', 'listening']);
}, 120_000);

it('refuses bodies of 10 MB without reading them whole', async () => {
  const body = `{"a":"${'x'.repeat(10 * 1024 * 1024)}"}`;
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => codeOf({ path: evaluation, body, code: 'too_large' })),
  );
  expect(replies).toEqual(Array(8).fill('too_large'));
});
