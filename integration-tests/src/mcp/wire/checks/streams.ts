// Streams: what is on them comes as it is and when it is said, and whoever leaves them is gone at both ends.
import type { ServerResponse } from 'node:http';
import { call, eras, listen, notification, open, result, type Era } from '../messages.ts';
import type { Script } from '../scriptedServer.ts';
import type { WireStream } from '../wireClient.ts';
import type { Scene, WireCheck } from '../wireCheck.ts';

export const streamChecks: readonly WireCheck[] = [
  ...eras.flatMap((era) => [
    { name: `framing of events (${era})`, observe: (scene: Scene) => observeFraming(scene, era) },
    { name: `the first event at once (${era})`, observe: (scene: Scene) => observeFirst(scene, era) },
    { name: `leaving a stream (${era})`, observe: (scene: Scene) => observeLeaving(scene, era, 'stream') },
    {
      name: `leaving before an answer (${era})`,
      observe: (scene: Scene) => observeLeaving(scene, era, 'silence'),
    },
    { name: `a stream that breaks (${era})`, observe: (scene: Scene) => observeBreak(scene, era) },
  ]),
  { name: 'framing of what clients listen to', observe: observeListening },
  { name: 'the head of a stream before its first event', observe: observeHead },
  { name: 'a quiet stream stays open', observe: observeQuiet },
  { name: 'a question of the server', observe: observeQuestion },
];

const events = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/** Everything that a stream of events can have: a retry, ids, comments, names, data in lines, other ends of lines. */
const frames = [
  'id: stream/1\nretry: 250\ndata: \n\n',
  ': a comment\n\n',
  'event: message\nid:2\ndata:{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1.0}}\n\n',
  'data: {"jsonrpc":"2.0",\ndata: "method":"notifications/message",\ndata:  "params":{"level":"info","data":"lines"}}\n\n',
  'id: 4\r\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"crlf"}}\r\n\r\n',
  ':\n\n\n',
].join('');

async function observeFraming({ client, server }: Scene, era: Era): Promise<unknown> {
  const opened = await open(client, era);
  server.script = (_received, response) => {
    response.writeHead(200, events).end(`${frames}id: 5\ndata: ${result('id')}\n\n`);
  };
  const { status, headers, text, end } = await client.send(call(opened, { era, id: 'id' }));
  return { status, type: headers['content-type'], text, end };
}

async function observeListening({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  server.script = (_received, response) => void response.writeHead(200, events).end(frames);
  const { status, headers, text, end } = await client.send(listen(opened));
  return { status, type: headers['content-type'], text, end };
}

/** The server goes on only when the client has what it said, or it is too late. */
async function observeFirst({ client, server }: Scene, era: Era): Promise<unknown> {
  const opened = await open(client, era);
  const { script, goOn } = waitingScript(`id: 1\ndata: ${progress}\n\n`);
  server.script = script;
  const stream = client.open(call(opened, { era, id: 'id' }));
  const first = await stream.untilText(progress);
  goOn(`data: ${result('id')}\n\n`);
  return { first, whole: await endOf(stream), text: stream.text };
}

async function observeHead({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  const { script, goOn } = waitingScript('');
  server.script = script;
  const stream = client.open(listen(opened));
  const head = await stream.until(() => stream.status === 200);
  goOn(`data: ${progress}\n\n`);
  return { head, whole: await endOf(stream), text: stream.text };
}

const quietMs = 300;

async function observeQuiet({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  server.script = (_received, response) => {
    response.writeHead(200, events).flushHeaders();
    setTimeout(() => response.end(`data: ${progress}\n\n`), quietMs);
  };
  const stream = client.open(listen(opened));
  return { whole: await endOf(stream), text: stream.text };
}

async function observeLeaving(
  { client, server }: Scene,
  era: Era,
  from: 'stream' | 'silence',
): Promise<unknown> {
  const opened = await open(client, era);
  const { script, goOn } = from === 'stream' ? waitingScript(`data: ${progress}\n\n`) : waitingScript();
  server.script = script;
  const id = crypto.randomUUID();
  const stream = client.open(call(opened, { era, id }));
  const received = await server.lastWith(id);
  if (from === 'stream') await stream.untilText(progress);
  stream.leave();
  const hasLeft = await server.until(() => received?.hasLeft === true);
  goOn('');
  return { hasLeft };
}

async function observeBreak({ client, server }: Scene, era: Era): Promise<unknown> {
  const opened = await open(client, era);
  const broken = Promise.withResolvers<undefined>();
  server.script = async (_received, response) => {
    response.writeHead(200, events).write(`id: 1\ndata: ${progress}\n\n`);
    await broken.promise;
    response.destroy();
  };
  const stream = client.open(call(opened, { era, id: 'id' }));
  await stream.untilText(progress);
  broken.resolve(undefined);
  await stream.until(() => stream.end !== 'open');
  return { end: stream.end, text: stream.text };
}

/** The server asks on the stream of a call, and answers the call when the client has answered. */
async function observeQuestion({ client, server }: Scene): Promise<unknown> {
  const opened = await open(client, 'sessions');
  const { script, goOn } = waitingScript('data: {"jsonrpc":"2.0","id":"q-1","method":"roots/list"}\n\n');
  server.script = script;
  const stream = client.open(call(opened, { era: 'sessions', id: 'id' }));
  const asked = await stream.untilText('roots/list');
  server.script = (_received, response) => void response.writeHead(202).end();
  const body = '{"jsonrpc":"2.0","id":"q-1","result":{"roots":[ ]}}';
  const { status } = await client.send({ ...notification(opened, ''), body });
  const arrived = await server.answered('"roots"');
  goOn(`data: ${result('id')}\n\n`);
  return { asked, status, arrived: arrived?.body, whole: await endOf(stream), text: stream.text };
}

const progress =
  '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"first"}}';

/** Says the first part, where there is one, and the rest when it is told to. */
function waitingScript(first?: string): { readonly script: Script; readonly goOn: (rest: string) => void } {
  const waiting: ServerResponse[] = [];
  const script: Script = (_received, response) => {
    waiting.push(response);
    if (first === undefined) return;
    response.writeHead(200, events).flushHeaders();
    if (first !== '') response.write(first);
  };
  const goOn = (rest: string): void => {
    for (const response of waiting) response.end(rest);
  };
  return { script, goOn };
}

async function endOf(stream: WireStream): Promise<string> {
  await stream.until(() => stream.end !== 'open');
  stream.leave();
  return stream.end;
}
