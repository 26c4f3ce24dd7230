// The proxy as an operator runs it beside signer and decision service: settings from the environment, files that change
// under it, what is wrong with them, and its end.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveDesk, type DeskEndpoint } from '../../../cli/src/mcp/desk/serveDesk.ts';
import { Shop } from '../../../cli/src/mcp/desk/shop.ts';
import { waitFor, type CardeaProcess, type Ended } from './cardeaProcess.ts';
import { annGrant, Operator } from './operator.ts';

const secret = 'the-secret-of-the-desk';

let operator: Operator;
let desk: DeskEndpoint;
let pep: CardeaProcess;
let url = '';

const makeConfig = (): object => ({
  listen: { port: 0 },
  usage: 'process',
  decision: { url: operator.decision, tokenFile: 'proxy.token' },
  servers: [
    {
      id: 'desk',
      upstream: desk.url,
      credential: { header: 'authorization', prefix: 'Bearer ', value: 'file:desk.token' },
    },
  ],
});

async function call(name: string, args: object): Promise<string> {
  const response = await fetch(`${url}/desk/mcp`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer ann',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  return `${response.status} ${await response.text()}`;
}

const write = (name: string, content: unknown): void => {
  operator.write(name, content);
};
const run = (...words: string[]): Promise<Ended> => operator.run(...words);

beforeAll(async () => {
  operator = await Operator.start();
  write('desk.token', `${secret}\n`);
  desk = await serveDesk({ shop: new Shop(), token: secret, json: true });
  write('pep.json', makeConfig());
});

afterAll(async () => {
  await operator.stop();
  await desk.close();
});

// Each step stands on the ones before it.
describe('the proxy of an operator', () => {
  it('comes up ready, by the bundle that is current', async () => {
    ({ pep, url } = await operator.startProxy());
    expect(pep.err).toMatch(/"event":"bundle_current","bundle":"sha256:/);
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: true, problems: [] });
    expect(await call('read_ticket', { ticket: 'T-7' })).toMatch(/^200 .*Charged twice/);
  });

  it('looks at its files when it is told', async () => {
    write('desk.token', 'another');
    process.kill(pep.pid, 'SIGHUP');
    await waitFor(async () =>
      (await call('read_ticket', { ticket: 'T-7' })).includes('Charged') ? undefined : true,
    );
    write('desk.token', secret);
    process.kill(pep.pid, 'SIGHUP');
    await waitFor(async () =>
      (await call('read_ticket', { ticket: 'T-7' })).includes('Charged') ? true : undefined,
    );
  });

  it('lets nobody in whose grant was taken back', async () => {
    write('grants.json', { grants: [{ ...annGrant, revoked: true }] });
    await waitFor(async () =>
      (await call('read_ticket', { ticket: 'T-7' })).startsWith('401') ? true : undefined,
    );
  });

  it('ends in good order, and has written no secret down', async () => {
    const { code, out, err } = await pep.end();
    expect(code).toBe(0);
    expect(err).toMatch(/"event":"closed"}\n$/);
    for (const hidden of [secret, 'another', 'Bearer', '"front"']) expect(out + err).not.toContain(hidden);
  });
});

describe('what keeps it from starting', () => {
  it('is shown where it stands in pep.json', async () => {
    write(
      'wrong.json',
      '{\n  "decision": { "unixSocket": "a" },\n  "servers": [{ "id": "desk", "upstreem": "x" }]\n}\n',
    );
    const { code, out } = await run('pep', '--config', 'wrong.json');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^wrong\.json:3:\d+: error\[invalid_request\]: servers\.0: expected no field "upstreem"\n/,
    );
    expect(out).toContain(' 3 |   "servers": [{ "id": "desk", "upstreem": "x" }]');
  });

  it('is shown where it stands in the grants', async () => {
    write('wrong-grants.json', '{ "grants": [{ "id": "a", "token": "hunter2" }] }');
    const { code, out, err } = await run('pep', '--grants', 'wrong-grants.json');
    expect([code, out + err]).toEqual([
      1,
      expect.stringMatching(/^wrong-grants\.json:1:\d+: error\[invalid_request\]: /),
    ]);
  });

  it.each<[string, () => string[], RegExp]>([
    [
      'a secret that is not there',
      () => ['--config', 'no-secret.json'],
      /^error: the secret in .*none cannot be read: ENOENT\n$/,
    ],
    [
      'a grants file that is not there',
      () => ['--grants', 'none.json'],
      /^error: the service cannot start: none\.json: there is no such file\n$/,
    ],
    [
      'a place for metrics that is none',
      () => ['--metrics', '9090'],
      /^error: --metrics is an address and a port, as 127\.0\.0\.1:9090, not "9090"\n$/,
    ],
  ])('is one line for %s', async (_, words, message) => {
    write('no-secret.json', { ...makeConfig(), decision: { url: operator.decision, tokenFile: 'none' } });
    const { code, err } = await run('pep', ...words());
    expect([code, err]).toEqual([1, expect.stringMatching(message)]);
  });

  it('is one line for an address that is taken', async () => {
    const port = Number(new URL(operator.decision).port);
    write('taken.json', { ...makeConfig(), listen: { port } });
    const { code, err } = await run('pep', '--config', 'taken.json');
    expect([code, err]).toEqual([
      1,
      `error: cannot listen on 127.0.0.1:${port}: another program listens there\nhelp: choose another with listen.port in taken.json\n`,
    ]);
  });
});
