// What is said arrives byte for byte, in both directions, however it is spelt.
import { call, eras, open, result, type Era } from '../messages.ts';
import type { Scene, WireCheck } from '../wireCheck.ts';

export const bodyChecks: readonly WireCheck[] = eras.flatMap((era) => [
  { name: `bytes of requests (${era})`, observe: (scene) => observeRequests(scene, era) },
  { name: `bytes of JSON answers (${era})`, observe: (scene) => observeAnswers(scene, era, 'json') },
  { name: `bytes of events (${era})`, observe: (scene) => observeAnswers(scene, era, 'events') },
  { name: `unknown fields (${era})`, observe: (scene) => observeUnknownFields(scene, era) },
  { name: `a large request (${era})`, observe: (scene) => observeSize(scene, era) },
]);

/** Texts of one value, which no parser and serialiser would leave as they are. */
const spellings: Readonly<Record<string, string>> = {
  whitespace: '{ "a" :\t1 ,  "b":[ ] }',
  'lines between tokens': '{\n  "a": 1\n}',
  'order of keys': '{"z":1,"a":2,"10":3,"9":4}',
  'unusual numbers': '[1.0,1.50,1E2,1e+2,-0,0.000001,100000000000000000000e-20]',
  // Those that every reader takes for the same.
  'large integers': '[9007199254740994,-9223372036854775808]',
  escapes: '"\\u0061\\/\\u00e4\\ud834\\udd1e\\b"',
  'other alphabets': '"ä€𝄞ﬁ \u2028"',
  'unicode that is not normalised': '"e\u0301é"',
  'an empty key': '{"":null}',
  'the key __proto__': '{"__proto__":[{}],"constructor":1}',
};

async function observeRequests({ client, server }: Scene, era: Era): Promise<unknown> {
  const opened = await open(client, era);
  server.script = ({ body }, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(result(idIn(body)));
  };
  const arrived: Record<string, string | undefined> = {};
  for (const [spelling, value] of Object.entries(spellings)) {
    const id = crypto.randomUUID();
    await client.send(call(opened, { era, id, args: `{"value":${value}}` }));
    arrived[spelling] = (await server.answered(id))?.body.replace(id, 'ID');
  }
  return arrived;
}

async function observeAnswers(
  { client, server }: Scene,
  era: Era,
  form: 'json' | 'events',
): Promise<unknown> {
  const opened = await open(client, era);
  const arrived: Record<string, string> = {};
  for (const [spelling, value] of Object.entries(spellings)) {
    // In an event each line of data has to be marked as such, which is another check's.
    if (form === 'events' && value.includes('\n')) continue;
    const text = result('id', `{ "content" :[],"structuredContent":{"value":${value}},"_more":${value} }`);
    server.script = (_received, response) => {
      const type = form === 'json' ? 'application/json' : 'text/event-stream';
      response.writeHead(200, { 'content-type': type }).end(form === 'json' ? text : `data: ${text}\n\n`);
    };
    arrived[spelling] = (await client.send(call(opened, { era, id: 'id' }))).text;
  }
  return arrived;
}

async function observeUnknownFields({ client, server }: Scene, era: Era): Promise<unknown> {
  const opened = await open(client, era);
  server.script = ({ body }, response) => {
    const content = '{"content":[],"future":{"b":1,"a":[]},"_meta":{"x/y":0.10}}';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(result(idIn(body), content).replace('{', '{"future": true ,'));
  };
  const id = crypto.randomUUID();
  const more = { envelope: ',"future":{"b":1,"a":2}', params: ',"later":1.0', meta: ',"vendor/x":[ 1 ]' };
  const { status, text } = await client.send(call(opened, { era, id, more }));
  return {
    status,
    text: text.replace(id, 'ID'),
    arrived: (await server.answered(id))?.body.replace(id, 'ID'),
  };
}

const largeCharacters = 200_000;

async function observeSize({ client, server }: Scene, era: Era): Promise<unknown> {
  const opened = await open(client, era);
  server.script = ({ body }, response) => {
    const content = JSON.stringify({
      content: [],
      structuredContent: { characters: body.length, value: 'v'.repeat(largeCharacters) },
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(result('id', content));
  };
  const args = `{"value":"${'x'.repeat(largeCharacters)}"}`;
  const { status, text, end } = await client.send(call(opened, { era, id: 'id', args }));
  return { status, end, characters: text.length, arrived: /"characters":(\d+)/.exec(text)?.[1] };
}

function idIn(body: string): string {
  return /"id":"([^"]+)"/.exec(body)?.[1] ?? '';
}
