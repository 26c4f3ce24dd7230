// What the service does when something goes wrong, or ends: bundles that come and go under load, engines that do not
// return, statements that stop coming, workers that die, and closing.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf } from '@cardea/schemas/digest';
import { connect, type Socket } from 'node:net';
import { get, tokens } from './client.ts';
import { callOf, mcpSources, person, pinGuardrail } from './mcpSources.ts';
import { TestArchive, type SourceFiles } from './testArchive.ts';
import { TestService, until } from './testService.ts';

const issue = callOf('github/create_issue', { title: 'x' });

/** Matches in time that grows with the product of pattern and text: no limit on either alone keeps it short. */
const slowPattern = `*${'a'.repeat(20_000)}b`;
const slowText = 'a'.repeat(400_000);

const withPolicy = (text: string): SourceFiles => ({ ...mcpSources, 'policies/added.cedar': text });

let archive: TestArchive;
let service: TestService;

beforeEach(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  archive.keepStating();
});

afterEach(async () => {
  await service.close();
  await archive.remove();
});

async function serving(): Promise<unknown> {
  return (await service.get('/v1/bundles/current')).body['bundle'];
}

describe('reloading', () => {
  it('fails no request under load, and every answer is that of the bundle it names', async () => {
    const open = await archive.publish(mcpSources);
    service = await TestService.start(archive);
    const closed = await archive.publish(
      withPolicy('@id("closed") forbid (principal, action == Action::"github/create_issue", resource);'),
    );
    await until(async () => (await serving()) === closed);
    let isLoading = true;
    const seen = new Set<unknown>();
    const ask = async (): Promise<void> => {
      while (isLoading) {
        const { status, body } = await service.evaluate(issue);
        const { bundle, verdict } = body['context'] as { bundle: string; verdict: string };
        seen.add(bundle);
        expect([status, verdict]).toEqual([200, bundle === open ? 'allow' : 'deny']);
      }
    };
    const callers = Array.from({ length: 4 }, ask);
    for (let round = 0; round < 10; round += 1) {
      const target = round % 2 === 0 ? open : closed;
      await archive.rollback(target);
      await until(async () => (await serving()) === target);
    }
    isLoading = false;
    await Promise.all(callers);
    expect(seen).toEqual(new Set([open, closed]));
  });

  it('leaves the last good bundle in service when the next one is bad, and says so', async () => {
    const good = await archive.publish(mcpSources);
    service = await TestService.start(archive);
    await archive.publish(withPolicy('@id("x") permit (principal, action, resource);'));
    await archive.state({ bundle: digestOf('no such bundle'), seq: 99 });
    archive.stopStating();
    await until(async () => JSON.stringify((await service.get('/readyz')).body).includes('bundle_unsigned'));
    const ready = await service.get('/readyz');
    expect([ready.status, ready.body]).toMatchObject([
      200,
      { ready: true, problems: [{ code: 'bundle_unsigned' }] },
    ]);
    const { decision, context } = (await service.evaluate(issue)).body;
    expect(decision).toBe(true);
    expect(context).not.toHaveProperty('expires');
    expect([good, ready.body['bundle']]).toContain(await serving());
    expect(await scrape()).toMatch(
      /cardea_pdp_bundle_loads_total\{outcome="failed",code="bundle_unsigned"\} [1-9]/,
    );
    expect(service.events).toContainEqual(
      expect.objectContaining({ event: 'bundle_refused', code: 'bundle_unsigned' }),
    );
  });

  it('starts without a bundle, is not ready, and takes the first one that comes', async () => {
    archive.stopStating();
    service = await TestService.start(archive);
    const before = await service.evaluate(issue);
    expect([before.status, before.body]).toMatchObject([503, { error: { code: 'not_ready' } }]);
    expect((await service.get('/readyz')).status).toBe(503);
    expect((await service.get('/healthz')).status).toBe(200);
    await archive.publish(mcpSources);
    await until(async () => (await service.get('/readyz')).status === 200);
    expect((await service.evaluate(issue)).body['decision']).toBe(true);
  });

  async function scrape(): Promise<string> {
    const headers = { authorization: `Bearer ${tokens.author}` };
    return (await fetch(`${service.address}/metrics`, { headers })).text();
  }
});

describe('the watchdog', () => {
  it('replaces a worker that is stuck in the engine, and the service goes on', async () => {
    await archive.publish(
      withPolicy(
        `@id("slow") forbid (principal, action == Action::"github/search_code", resource) when { context.input has query && context.input.query like "${slowPattern}" };`,
      ),
    );
    service = await TestService.start(archive, { workers: 1, limits: { decisionTimeoutMs: 300 } });
    const stuck = service.evaluate(callOf('github/search_code', { query: slowText }));
    await expect(stuck).rejects.toThrow();
    await until(
      async () => (await service.evaluate(issue).catch(() => undefined))?.body['decision'] === true,
    );
    expect(service.events).toContainEqual(
      expect.objectContaining({ event: 'worker_replaced', reason: 'stuck' }),
    );
  });
});

describe('stale authority', () => {
  it('denies, and is not ready, until the signer is heard again', async () => {
    await archive.publish(mcpSources);
    service = await TestService.start(archive);
    archive.stopStating();
    await archive.state({ lifetimeMs: 400 });
    await until(async () => (await service.get('/readyz')).status === 503);
    const denied = await service.evaluate(issue);
    expect([denied.status, denied.body]).toMatchObject([
      200,
      { decision: false, context: { code: 'stale_authority' } },
    ]);
    expect(denied.body['context']).not.toHaveProperty('expires');
    const discovered = await service.post('/v1/discover', { subject: person('a'), server: 'github' });
    expect([discovered.status, discovered.body]).toMatchObject([503, { error: { code: 'stale_authority' } }]);
    await archive.state();
    await until(async () => (await service.get('/readyz')).status === 200);
    expect((await service.evaluate(issue)).body['decision']).toBe(true);
  });

  it('refuses a statement that lowers what was seen', async () => {
    await archive.publish(mcpSources);
    await archive.publish(withPolicy('@id("x") permit (principal, action, resource);'));
    service = await TestService.start(archive);
    archive.stopStating();
    await archive.state({ seq: 1 });
    await until(() =>
      service.events.some(
        (event) => event.event === 'authority_refused' && event.code === 'statement_lowered',
      ),
    );
    expect((await service.evaluate(issue)).body['decision']).toBe(true);
  });
});

describe('the stream of statements', () => {
  it('carries each as it was signed, byte for byte', async () => {
    await archive.publish(mcpSources);
    service = await TestService.start(archive);
    archive.stopStating();
    await archive.state();
    const signed = Buffer.from(
      ((await archive.archive.readAuthority()) as { bytes: Uint8Array }).bytes,
    ).toString();
    await until(async () => (await firstStatement()) === signed);
    expect(signed).toMatch(/^.+\n(.*\n)+$/);
  });

  async function firstStatement(): Promise<string> {
    const headers = { authorization: `Bearer ${tokens.proxy}` };
    const response = await fetch(`${service.address}/v1/authority/stream`, { headers });
    let received = '';
    for await (const chunk of response.body ?? []) {
      received += Buffer.from(chunk).toString();
      if (received.includes('\n\n')) break;
    }
    const [event = ''] = received.split('\n\n');
    const lines = event.split('\n').filter((line) => line.startsWith('data: '));
    return lines.map((line) => line.slice('data: '.length)).join('\n');
  }
});

describe('closing', () => {
  it('answers what has begun, and accepts nothing more', async () => {
    await archive.publish(mcpSources);
    service = await TestService.start(archive, { workers: 1 });
    const { address } = service;
    const body = JSON.stringify(issue);
    const begun = Array.from({ length: 4 }, () => new HalfRequest(address, body));
    await until(async () => (await inflight()) === 4);
    const closed = service.close();
    await until(() =>
      get(`${address}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    const answers = await Promise.all(begun.map((request) => request.finish()));
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
      expect(answer).toMatch(/connection: close/i);
      expect(answer).toContain('"decision":true');
    }
    await closed;
  });

  it('ends streams, and does not wait for those who never finish', async () => {
    await archive.publish(mcpSources);
    service = await TestService.start(archive, { workers: 1, limits: { drainTimeoutMs: 200 } });
    const headers = { authorization: `Bearer ${tokens.author}`, 'content-type': 'application/json' };
    const stream = await fetch(`${service.address}/v1/authority/stream`, { headers });
    const endless = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from('{'));
      },
    });
    const init = { method: 'POST', headers, body: endless, duplex: 'half' } as RequestInit;
    const unfinished = fetch(`${service.address}/access/v1/evaluation`, init).catch(() => 'cut off');
    await until(async () => (await inflight()) > 0);
    await service.close();
    expect(await unfinished).toBe('cut off');
    await stream.text();
  });

  async function inflight(): Promise<number> {
    const headers = { authorization: `Bearer ${tokens.author}` };
    const text = await (await fetch(`${service.address}/metrics`, { headers })).text();
    // The scrape itself is one of them.
    return Number(/cardea_pdp_requests_inflight (\d+)/.exec(text)?.[1]) - 1;
  }
});

it('rejects a port that is taken', async () => {
  await archive.publish(mcpSources);
  service = await TestService.start(archive, { workers: 1 });
  const port = Number(new URL(service.address).port);
  await expect(TestService.start(archive, { workers: 1, port })).rejects.toThrow(/EADDRINUSE/);
  const shared = { workers: 2, port };
  await expect(TestService.start(archive, shared)).rejects.toThrow(/EADDRINUSE/);
});

/** A request of which the last byte is kept back. */
class HalfRequest {
  readonly #socket: Socket;
  readonly #last: string;

  constructor(address: string, body: string) {
    const { hostname, port } = new URL(address);
    this.#last = body.slice(-1);
    this.#socket = connect(Number(port), hostname);
    const head = ['POST /access/v1/evaluation HTTP/1.1', 'host: x', `authorization: Bearer ${tokens.author}`];
    const type = ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`];
    this.#socket.write(`${[...head, ...type].join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
  }

  /** Everything that comes back. */
  async finish(): Promise<string> {
    this.#socket.write(this.#last);
    let received = '';
    for await (const chunk of this.#socket) received += String(chunk);
    return received;
  }
}
