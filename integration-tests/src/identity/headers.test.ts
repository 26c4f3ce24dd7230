// Where a token may stand in a request, byte by byte: in one header, once. A server never sees it, wherever it stood.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { exchange } from '../hostile/wire.ts';
import { RecordingServer } from '../pep/recordingServer.ts';
import { permitAll, Stack } from '../pep/stack.ts';

const catalog = {
  server: { id: 'desk', owner: 'support', risk: 'low', environment: 'test' },
  tools: [],
  prompts: [],
  resources: [],
  resourceTemplates: [],
};
const publicUrl = 'https://mcp.example.com';
const grantToken = 'a-token-of-a-grant';
const { privateKey, publicKey } = await generateKeyPair('ES256');
const issuerKeys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] };

const provider: Server = createServer((_request, response) => response.end(JSON.stringify(issuerKeys)));
const server = new RecordingServer();
let stack: Stack;
let token = '';

beforeAll(async () => {
  await once(provider.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  stack = await Stack.start({
    policies: permitAll,
    catalogs: { desk: JSON.stringify(catalog) },
    upstreams: { desk: await server.start() },
    grants: [{ token: grantToken }],
    config: { publicUrl, issuers: [{ issuer, jwksUrl: `${issuer}/keys` }] },
  });
  token = await new SignJWT({ azp: 'claude' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setIssuer(issuer)
    .setAudience(`${publicUrl}/desk/mcp`)
    .setSubject('ann')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
});

afterAll(async () => {
  await stack.stop();
  await server.stop();
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
});

const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

/** The status, and the code where it was refused. */
async function send(lines: readonly string[], path = '/desk/mcp', text = body): Promise<string> {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...lines,
  ].join('\r\n');
  const port = Number(new URL(stack.proxy.url).port);
  const [answer] = await exchange(port, { chunks: [Buffer.from(`${head}\r\n\r\n${text}`, 'latin1')] });
  if (answer === undefined) return 'nothing';
  const [, code = ''] = /"code":"(\w+)"/.exec(answer.body) ?? [];
  return `${answer.status} ${code}`.trim();
}

type Case = readonly [name: string, lines: (token: string) => string[], answer: string];

const cases: Case[] = [
  ['as it should be', (t) => [`Authorization: Bearer ${t}`], '200'],
  ['in lower case', (t) => [`authorization: bearer ${t}`], '200'],
  ['with space around it', (t) => [`Authorization:   Bearer   ${t}  `], '200'],
  ['not at all', () => [], '401 unauthenticated'],
  ['twice', (t) => [`Authorization: Bearer ${t}`, `Authorization: Bearer ${t}`], '400 invalid_request'],
  [
    'twice, the first another',
    (t) => ['Authorization: Bearer x', `Authorization: Bearer ${t}`],
    '400 invalid_request',
  ],
  [
    'twice, the second another',
    (t) => [`Authorization: Bearer ${t}`, 'authorization: Basic YTpi'],
    '400 invalid_request',
  ],
  ['twice, one empty', (t) => [`Authorization: Bearer ${t}`, 'Authorization:'], '400 invalid_request'],
  ['joined with itself', (t) => [`Authorization: Bearer ${t}, Bearer ${t}`], '401 unauthenticated'],
  ['joined with another', (t) => [`Authorization: Bearer ${t}, Basic YTpi`], '401 unauthenticated'],
  ['folded', (t) => [`Authorization: Bearer\r\n ${t}`], '400'],
  ['folded in itself', (t) => [`Authorization: Bearer ${t.slice(0, 9)}\r\n\t${t.slice(9)}`], '400'],
  ['with a bare line break', (t) => [`Authorization: Bearer ${t}\nX: y`], '400'],
  ['with a zero', (t) => [`Authorization: Bearer ${t}\0`], '400'],
  ['with a space before the colon', (t) => [`Authorization : Bearer ${t}`], '400'],
  ['as another scheme', (t) => [`Authorization: Token ${t}`], '401 unauthenticated'],
  [
    'as Basic',
    (t) => [`Authorization: Basic ${Buffer.from(`ann:${t}`).toString('base64')}`],
    '401 unauthenticated',
  ],
  ['as DPoP', (t) => [`Authorization: DPoP ${t}`], '401 unauthenticated'],
  ['without a scheme', (t) => [`Authorization: ${t}`], '401 unauthenticated'],
  ['without a space', (t) => [`Authorization: Bearer${t}`], '401 unauthenticated'],
  ['behind a colon', (t) => [`Authorization: Bearer: ${t}`], '401 unauthenticated'],
  ['behind a tab', (t) => [`Authorization: Bearer\t${t}`], '401 unauthenticated'],
  ['in quotes', (t) => [`Authorization: Bearer "${t}"`], '401 unauthenticated'],
  ['in capitals', (t) => [`Authorization: Bearer ${t.toUpperCase()}`], '401 unauthenticated'],
  ['cut', (t) => [`Authorization: Bearer ${t.slice(0, -1)}`], '401 unauthenticated'],
  ['with more behind it', (t) => [`Authorization: Bearer ${t}x`], '401 unauthenticated'],
  [
    'with a character that looks like one of it',
    (t) => [`Authorization: Bearer \xe9${t}`],
    '401 unauthenticated',
  ],
  ['misspelt', (t) => [`Authorisation: Bearer ${t}`], '401 unauthenticated'],
  ['with an underscore', (t) => [`_Authorization: Bearer ${t}`], '401 unauthenticated'],
  ['for a proxy', (t) => [`Proxy-Authorization: Bearer ${t}`], '401 unauthenticated'],
  ['forwarded', (t) => [`X-Forwarded-Authorization: Bearer ${t}`], '401 unauthenticated'],
  ['in a cookie', (t) => [`Cookie: access_token=${t}`], '401 unauthenticated'],
  ['in a header of its own', (t) => [`X-Access-Token: ${t}`], '401 unauthenticated'],
  ['13 KB long', () => [`Authorization: Bearer ${'a.b.c'.padEnd(13_000, 'x')}`], '401 unauthenticated'],
  ['17 KB long', () => [`Authorization: Bearer ${'x'.repeat(17_000)}`], '431'],
];

const tokens = [
  ['a grant', () => grantToken],
  ['a provider', () => token],
] as const;

describe.each(tokens)('a token of %s', (_of, read) => {
  it.each(cases)('%s', async (_name, lines, answer) => {
    const before = server.received.length;
    expect(await send(lines(read()))).toBe(answer);
    expect(server.received.length - before).toBe(answer === '200' ? 1 : 0);
  });

  it.each(['access_token', 'token', 'authorization'])('as %s in the address', async (name) => {
    const before = server.received.length;
    expect(await send([], `/desk/mcp?${name}=${read()}`)).toBe('404 not_found');
    expect(await send([`Authorization: Bearer ${read()}`], `/desk/mcp?${name}=${read()}`)).toBe(
      '404 not_found',
    );
    expect(server.received).toHaveLength(before);
  });

  it('in the body', async () => {
    expect(await send([], '/desk/mcp', `${body.slice(0, -1)},"access_token":"${read()}"}`)).toBe(
      '401 unauthenticated',
    );
  });
});

it('no server has seen one of them', () => {
  const seen = JSON.stringify(
    server.received.map(({ headers, path, body: bytes }) => [headers, path, bytes.toString()]),
  );
  expect(server.received.length).toBeGreaterThan(0);
  for (const hidden of [token, grantToken, 'uthorization', 'Bearer']) expect(seen).not.toContain(hidden);
  expect(JSON.stringify(stack.events)).not.toContain(token);
});
