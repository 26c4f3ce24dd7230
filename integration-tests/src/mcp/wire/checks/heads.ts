// Statuses and headers, paths and methods: what HTTP says beside the body.
import { call, eras, listen, notification, open, result, type Era } from '../messages.ts';
import { serverSession, type Received } from '../scriptedServer.ts';
import type { WireReply } from '../wireClient.ts';
import type { Scene, WireCheck } from '../wireCheck.ts';

export const headChecks: readonly WireCheck[] = [
  { name: 'headers of requests (sessions)', observe: observeSessionHeaders },
  { name: 'headers of requests (stateless)', observe: observeStatelessHeaders },
  ...eras.map((era) => ({
    name: `statuses and headers of answers (${era})`,
    observe: (scene: Scene) => observeAnswers(scene, era),
  })),
  { name: 'the session of the server', observe: observeSession },
  { name: 'a foreign Host', observe: (scene) => observeForeign(scene, 'host') },
  { name: 'a foreign Origin', observe: (scene) => observeForeign(scene, 'origin') },
  { name: 'the query', observe: observeQuery },
  { name: 'the end of a session', observe: observeDelete },
  { name: 'Last-Event-ID', observe: observeLastEventId },
  { name: 'notifications', observe: observeNotifications },
];

async function observeSessionHeaders({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  const id = crypto.randomUUID();
  answerJson(server);
  await client.send(call(opened, { era: 'sessions', id }));
  const { headers = {} } = (await server.answered(id)) ?? {};
  const { accept, 'content-type': type, 'mcp-protocol-version': version } = headers;
  return { accept, type, version, session: headers['mcp-session-id'] };
}

async function observeStatelessHeaders({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'stateless');
  const id = crypto.randomUUID();
  answerJson(server);
  const request = call(opened, { era: 'stateless', id, args: '{"region":"süd"}' });
  const region = `=?base64?${Buffer.from('süd').toString('base64')}?=`;
  await client.send({ ...request, headers: { ...request.headers, 'mcp-param-region': region } });
  const { headers = {} } = (await server.answered(id)) ?? {};
  const names = [
    'accept',
    'content-type',
    'mcp-protocol-version',
    'mcp-method',
    'mcp-name',
    'mcp-param-region',
  ];
  return Object.fromEntries(names.map((name) => [name, headers[name]]));
}

/** What a server may say; 401 is not among it, since proxies have credentials of their own. */
const answers: readonly { readonly status: number; readonly headers: Readonly<Record<string, string>> }[] = [
  { status: 200, headers: { 'content-type': 'application/json' } },
  { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } },
  { status: 400, headers: { 'content-type': 'application/json' } },
  { status: 404, headers: { 'content-type': 'application/json' } },
  { status: 409, headers: { 'content-type': 'application/json' } },
  { status: 429, headers: { 'content-type': 'application/json', 'retry-after': '7' } },
  { status: 500, headers: { 'content-type': 'application/json' } },
  { status: 503, headers: { 'content-type': 'application/json', 'retry-after': '3' } },
];

async function observeAnswers({ client, server }: Scene, era: Era): Promise<unknown> {
  const seen: unknown[] = [];
  for (const { status, headers } of answers) {
    // A 404 is the end of a session.
    const opened = await open(client, era);
    const error = '{"jsonrpc":"2.0","id":"id","error":{"code":-32000,"message":"scripted"}}';
    server.script = (_received, response) => {
      response.writeHead(status, headers).end(status === 200 ? result('id') : error);
    };
    seen.push(headOf(await client.send(call(opened, { era, id: 'id' }))));
  }
  return seen;
}

function headOf({ status, headers, text, end }: WireReply): unknown {
  const { 'content-type': type, 'retry-after': retryAfter, allow } = headers;
  return { status, type, retryAfter, allow, text, end };
}

/** What a client holds may be called otherwise, as long as the server finds its own. */
async function observeSession({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  answerJson(server);
  const id = crypto.randomUUID();
  await client.send(call(opened, { era: 'sessions', id }));
  const session = (await server.answered(id))?.headers['mcp-session-id'];
  return { isOpen: opened['mcp-session-id'] !== 'none', isItsOwn: session === serverSession };
}

/** Where it stands the server's own check refuses; where it was taken away, it could not. */
async function observeForeign({ client, server }: Scene, header: 'host' | 'origin'): Promise<unknown> {
  const opened = await open(client, 'stateless');
  answerJson(server);
  const statuses: number[] = [];
  const port = new URL(server.url).port;
  for (const name of ['localhost', 'evil.example', 'localhost.evil.example']) {
    const value = header === 'host' ? `${name}:${port}` : `http://${name}`;
    const request = call(opened, { era: 'stateless', id: 'id' });
    const { status } = await client.send({ ...request, headers: { ...request.headers, [header]: value } });
    statuses.push(status);
  }
  return statuses;
}

async function observeQuery({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'stateless');
  answerJson(server);
  const id = crypto.randomUUID();
  await client.send({ ...call(opened, { era: 'stateless', id }), query: '?b=%2F%20&a=1&a=' });
  return (await server.answered(id))?.path.replace(/^[^?]*/, '');
}

async function observeDelete({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  server.script = (_received, response) => void response.writeHead(204).end();
  const { status, text } = await client.send({ ...listen(opened), method: 'DELETE' });
  return { status, text, arrived: headersOf(lastOf(server.received, 'DELETE')) };
}

async function observeLastEventId({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  server.script = (_received, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('id: stream/7 of=9\ndata: \n\n');
  };
  await client.send(listen(opened));
  const { status, text } = await client.send(listen(opened, 'stream/7 of=9'));
  return { status, text, arrived: headersOf(lastOf(server.received, 'GET')) };
}

async function observeNotifications({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  const requestId = crypto.randomUUID();
  server.script = ({ body }, response) => {
    // The call that is taken back waits in vain.
    if (!body.includes('tools/call')) response.writeHead(202).end();
  };
  const called = client.open(call(opened, { era: 'sessions', id: requestId }));
  await server.lastWith(requestId);
  const params = `{"requestId":"${requestId}","reason":"no longer wanted"}`;
  const { status, text } = await client.send(notification(opened, 'notifications/cancelled', params));
  const arrived = (await server.answered(`"requestId":"${requestId}"`))?.body.replace(requestId, 'ID');
  called.leave();
  return { status, text, arrived };
}

function answerJson(server: Scene['server']): void {
  server.script = (_received, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(result('id'));
  };
}

function lastOf(received: readonly Received[], method: string): Received | undefined {
  return received.findLast((request) => request.method === method);
}

function headersOf(received: Received | undefined): unknown {
  const { headers = {} } = received ?? {};
  return {
    session: headers['mcp-session-id'],
    lastEventId: headers['last-event-id'],
    accept: headers.accept,
  };
}
