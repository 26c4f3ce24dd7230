// Past a limit the answer is a refusal with its code, at once, and the service goes on.
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codes, type Code } from '@cardea/schemas/codes';
import { resolveServiceLimits } from '../src/limits.ts';
import { tokens } from './client.ts';
import { callOf, mcpSources, person, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService, until } from './testService.ts';

let archive: TestArchive;
let service: TestService;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  await archive.publish(mcpSources);
  archive.keepStating();
  service = await TestService.start(archive, {
    workers: 1,
    limits: {
      bodyBytesMax: 4_096,
      jsonDepthMax: 16,
      headerBytesMax: 2_048,
      batchItemsMax: 4,
      pathsReadMax: 1,
      discoverItemsMax: 4,
      requestsMax: 8,
      callerSharePercentMax: 100,
      connectionsMax: 12,
      streamsMax: 2,
      headersTimeoutMs: 500,
      requestTimeoutMs: 1_000,
    },
  });
});

afterAll(async () => {
  await service.close();
  await archive.remove();
});

const issue = callOf('github/create_issue', { title: 'x' });
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const isServing = async (): Promise<boolean> => (await service.evaluate(issue)).body['decision'] === true;

it('repeats no long key of a batch in each of its answers', async () => {
  const input = { title: 'x', ['k'.repeat(3_000)]: 1 };
  const batch = { ...callOf('github/create_issue', input), evaluations: Array(4).fill({}) };
  const { body } = await service.post('/access/v1/evaluations', batch);
  const evaluations = body['evaluations'] as { context: { code: string } }[];
  expect(evaluations.map(({ context }) => context.code)).toEqual(Array(4).fill('undeclared_argument'));
  expect(JSON.stringify(body).length).toBeLessThan(4_000);
});

describe('a request past a limit', () => {
  const evaluation = '/access/v1/evaluation';

  it.each<[string, Code, string, unknown]>([
    ['a body', 'too_large', evaluation, { ...issue, padding: 'x'.repeat(5_000) }],
    ['depth', 'too_deep', evaluation, JSON.stringify(issue).replace('"x"', nested(20))],
    ['a batch', 'too_large', '/access/v1/evaluations', { evaluations: Array(5).fill(issue) }],
    [
      'a discovery',
      'too_large',
      '/v1/discover',
      { subject: person('a'), resources: Array(5).fill({ type: 'Tool', id: 'x' }) },
    ],
    ['paths read', 'too_large', evaluation, callOf('github/delete_repo', {})],
  ])('in %s is refused with %s', async (what, code, path, body) => {
    if (what === 'paths read') await widen();
    const reply = await service.post(path, body);
    expect([reply.status, reply.body]).toMatchObject([codes[code].http, { error: { code } }]);
    expect(await isServing()).toBe(true);
  });

  /** Makes the policies for one tool read two paths. */
  async function widen(): Promise<void> {
    const digest = await archive.publish({
      ...mcpSources,
      'policies/wide.cedar':
        '@id("wide") forbid (principal, action == Action::"github/delete_repo", resource) when { context.session.ageHours > 99 };',
    });
    await until(async () => (await service.get('/v1/bundles/current')).body['bundle'] === digest);
  }
});

describe('what is no JSON that means one thing', () => {
  const text = JSON.stringify(issue);

  it.each<[Code, string | Buffer]>([
    ['invalid_json', ''],
    ['invalid_json', '{'],
    ['invalid_json', `${text} {}`],
    ['duplicate_key', text.replace('{"subject"', '{"subject":1,"subject"')],
    ['duplicate_key', text.replace('{"subject"', '{"\\u0073ubject":1,"subject"')],
    ['inexact_number', text.replace('"x"', '1e400')],
    ['inexact_number', text.replace('"x"', '9223372036854775808')],
    ['invalid_text', text.replace('"x"', '"\\ud800"')],
    ['invalid_text', `\ufeff${text}`],
    ['invalid_text', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')])],
    ['reserved_key', text.replace('"x"', '{"__expr":"1"}')],
    ['invalid_request', '[]'],
    ['invalid_request', 'null'],
  ])('is refused with %s', async (code, body) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens.author}` };
    const response = await fetch(`${service.address}/access/v1/evaluation`, {
      method: 'POST',
      headers,
      body,
    });
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code } }]);
  });
});

describe('an address', () => {
  it.each([
    ['POST', '/access/v1/evaluation?x=1', 200],
    ['GET', '/access/v1/evaluation', 405],
    ['POST', '/v1/bundles/sha256:00', 405],
    ['POST', '/access/v1/evaluation/', 404],
    ['POST', '/Access/v1/evaluation', 404],
    ['POST', '/access/v1/%', 404],
    ['DELETE', '/v1/bundles/current', 405],
    ['HEAD', '/readyz', 200],
  ])('%s %s answers %i', async (method, path, status) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens.author}` };
    const init = method === 'POST' ? { method, headers, body: JSON.stringify(issue) } : { method, headers };
    expect((await fetch(`${service.address}${path}`, init)).status).toBe(status);
  });

  it('asked by another method says which one it takes', async () => {
    const got = await service.get('/access/v1/evaluation');
    expect([got.headers.get('allow'), got.body]).toMatchObject([
      'POST',
      { error: { code: 'method_not_allowed' } },
    ]);
    const posted = await service.post('/v1/bundles/current', {});
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it.each([
    ['/v1/depends', 415],
    ['/access/v1/evaluation', 400],
  ])('%s answers another content type with %i', async (path, status) => {
    const reply = await service.post(path, issue, { headers: { 'content-type': 'text/plain' } });
    expect([reply.status, reply.body]).toMatchObject([status, { error: { code: 'unsupported_media_type' } }]);
  });

  it.each([
    ['in another encoding', { 'content-encoding': 'gzip' }],
    ['in another character set', { 'content-type': 'application/json; charset=utf-16' }],
  ])('refuses a body %s', async (_, headers) => {
    expect((await service.post('/v1/depends', issue, { headers })).status).toBe(415);
  });

  it('takes UTF-8 said in any case', async () => {
    const headers = { 'content-type': 'Application/JSON; Charset="UTF-8"' };
    expect((await service.post('/access/v1/evaluation', issue, { headers })).status).toBe(200);
  });
});

describe('a connection', () => {
  it.each([
    ['sends headers slowly', 'POST /access/v1/evaluation HTTP/1.1\r\nhost: x\r\n', 'timed_out'],
    [
      'sends a body slowly',
      `POST /access/v1/evaluation HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.author}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
      'timed_out',
    ],
    ['sends no HTTP', 'hello\r\n\r\n', 'invalid_request'],
    ['sends headers that are too large', `GET / HTTP/1.1\r\nx: ${'x'.repeat(4_000)}\r\n\r\n`, 'too_large'],
  ])('that %s is answered and closed', async (_, bytes, code) => {
    expect(await exchange(bytes)).toContain(`"code":"${code}"`);
  });

  it('too many requests at once on it are refused with when to come again', async () => {
    const head = `POST /access/v1/evaluation HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.author}\r\ncontent-type: application/json\r\n`;
    const waiting = Array.from({ length: 8 }, () => open(`${head}content-length: 100\r\n\r\n`));
    await until(async () => {
      const reply = await service.evaluate(issue);
      return reply.status === 503 && reply.headers.get('retry-after') === '1';
    });
    for (const socket of waiting) socket.destroy();
    await until(isServing);
  });

  it('too many streams are refused', async () => {
    const headers = { authorization: `Bearer ${tokens.author}` };
    const leave = new AbortController();
    const stream = (): Promise<Response> =>
      fetch(`${service.address}/v1/authority/stream`, { headers, signal: leave.signal });
    expect((await Promise.all([stream(), stream()])).map(({ status }) => status)).toEqual([200, 200]);
    expect((await stream()).status).toBe(503);
    leave.abort();
    await until(async () => {
      const again = await stream().catch(() => undefined);
      await again?.body?.cancel();
      return again === undefined || again.status === 200;
    });
  });

  function open(bytes = ''): Socket {
    const { hostname, port } = new URL(service.address);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(bytes);
    return socket;
  }

  function exchange(bytes: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = open(bytes);
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('close', () => {
        resolve(received);
      });
    });
  }
});

describe('resolveServiceLimits', () => {
  it.each([Number.NaN, 0, -1, 1.5, Infinity])('refuses %p', (limit) => {
    expect(() => resolveServiceLimits({ bodyBytesMax: limit })).toThrow(RangeError);
  });
});
