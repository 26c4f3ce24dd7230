// Ways around a filter that were found in gateways: none of them may show a hidden tool.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@cardea/schemas/json';
import { asking, makeSession, makeVisible } from './scene/makeContext.ts';
import type { Script, Seen } from './scene/relayScene.ts';
import { answering as answeringWith } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';
import type { RelayContext } from './relay.ts';

const scene = useScene();

const hiddenTool = 'export_customers';
const tools = [{ name: 'read' }, { name: hiddenTool }, { name: 'refund' }];
const message = (result: JsonObject, id: string | number = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, result });
const list = message({ tools, nextCursor: 'c' });
const filtered = { tools: [{ name: 'read' }, { name: 'refund' }], nextCursor: 'c' };
const note = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}';
const listing = { asked: asking(['tools/list', 1]) };
const listening = { httpMethod: 'GET', asked: new Map(), session: makeSession() } as const;

const answering = (type: string, body: string | Buffer, status = 200): Script =>
  answeringWith(status, type === '' ? {} : { 'content-type': type }, body);

async function ask(script: Script, context: Partial<RelayContext> = listing): Promise<Seen> {
  scene.script = script;
  return scene.ask(context);
}

/** Of the last frame, whether document or event. */
function lastMessage({ text }: Seen): JsonObject {
  const [, data = text] = /[^]*data: (.*)/.exec(text) ?? [];
  return JSON.parse(data) as JsonObject;
}

describe('a list is filtered', () => {
  it.each<[string, Script, Partial<RelayContext>?]>([
    ['as a document', answering('application/json', list)],
    ['in capitals', answering('Application/JSON', list)],
    ['with parameters', answering('APPLICATION/json ; charset=UTF-8', list)],
    ['with status 201', answering('application/json', list, 201)],
    ['with status 400', answering('application/json', list, 400)],
    ['as an event', answering('text/event-stream', `data: ${list}\n\n`)],
    ['as an event in capitals', answering('Text/Event-Stream', `data: ${list}\n\n`)],
    ['after a notification', answering('text/event-stream', `data: ${note}\n\ndata: ${list}\n\n`)],
    ['after a comment and an id', answering('text/event-stream', `: hi\n\nid: 1\n\ndata: ${list}\n\n`)],
    ['in lines of data', answering('text/event-stream', `data: ${list.replace(',', ',\ndata: ')}\n\n`)],
    ['in an event of another name', answering('text/event-stream', `event: other\ndata: ${list}\n\n`)],
    ['in an event without an end', answering('text/event-stream', `data: ${list}`)],
    ['on the stream of a session', answering('text/event-stream', `data: ${list}\n\n`), listening],
    [
      'under any id there',
      answering('text/event-stream', `data: ${message({ ...filtered, tools }, 'x')}\n\n`),
      listening,
    ],
    [
      'as the answer to something else',
      answering('application/json', list),
      { asked: asking(['tools/call', 1]) },
    ],
    [
      'as the answer to an unknown method',
      answering('application/json', list),
      { asked: asking(['x/y', 1]) },
    ],
    ['with escapes in it', answering('application/json', list.replace('export', '\\u0065xport'))],
    ['with escapes in its keys', answering('application/json', list.replaceAll('"name"', '"\\u006eame"'))],
  ])('%s', async (_name, script, context = listing) => {
    const seen = await ask(script, context);
    expect(seen.text).not.toMatch(/export_customers|\\u0065xport/);
    expect(lastMessage(seen)['result']).toEqual(filtered);
    expect(scene.events).toContainEqual({ kind: 'filtered', list: 'tools', count: 1, names: [hiddenTool] });
  });

  it('in an array of messages, where the revision has those', async () => {
    const session = makeSession({ protocol: '2025-03-26' });
    const asked = asking(['tools/list', 1], ['ping', 2]);
    const seen = await ask(answering('application/json', `[${list},${message({}, 2)}]`), { session, asked });
    expect(JSON.parse(seen.text)).toMatchObject([
      { id: 1, result: filtered },
      { id: 2, result: {} },
    ]);
  });
});

describe('a list that hides what it is, is withheld', () => {
  it.each<[string, Script, Partial<RelayContext>?]>([
    ['without a content type', answering('', list)],
    ['as text', answering('text/plain', list)],
    ['as HTML', answering('text/html', list)],
    ['as events that are a document', answering('text/event-stream', list)],
    ['as a document that is events', answering('application/json', `data: ${list}\n\n`)],
    ['in another charset', answering('application/json; charset=utf-16le', Buffer.from(list, 'utf16le'))],
    ['in UTF-7', answering('application/json; charset=utf-7', list)],
    ['behind a byte order mark', answering('application/json', `\ufeff${list}`)],
    ['behind a byte order mark in a stream', answering('text/event-stream', `\ufeffdata: ${list}\n\n`)],
    ['in an array', answering('application/json', `[${list}]`)],
    ['in an array in an event', answering('text/event-stream', `data: [${list}]\n\n`)],
    [
      'in an array in a session of another revision',
      answering('application/json', `[${list}]`),
      { ...listing, session: makeSession() },
    ],
    ['beside another', answering('application/json', `${list}${list}`)],
    [
      'under a key that comes twice',
      answering('application/json', list.replace('{"tools"', '{"tools":[],"tools"')),
    ],
    [
      'under a key that comes twice, once with an escape',
      answering('application/json', list.replace('{"tools"', '{"tool\\u0073":[],"tools"')),
    ],
    ['under a key in capitals', answering('application/json', list.replace('"tools"', '"Tools"'))],
    ['under a key with a long s', answering('application/json', list.replace('"tools"', '"tool\u017f"'))],
    ['in a result in capitals', answering('application/json', list.replace('"result"', '"Result"'))],
    ['in a second result', answering('application/json', list.replace('"result"', '"result":{},"RESULT"'))],
    [
      'beside an error',
      answering('application/json', list.replace('"result"', '"error":{"code":1,"message":"m"},"result"')),
    ],
    ['under another id', answering('application/json', message({ tools }, 2))],
    ['under an id of another type', answering('application/json', message({ tools }, '1'))],
    ['under an id that is nearly it', answering('application/json', list.replace('"id":1', '"id":1.5'))],
    ['in an object', answering('application/json', message({ tools: { a: tools[1] as JsonObject } }))],
    [
      'in an object beside what is asked for',
      answering('application/json', message({ inputRequests: {}, tools: { 0: tools[1] as JsonObject } })),
    ],
    ['as a text', answering('application/json', message({ tools: JSON.stringify(tools) }))],
    [
      'where bytes are damaged',
      answering('application/json', Buffer.from(list.replace('read', '\u00ff'), 'latin1')),
    ],
    [
      'beyond the depth',
      answering('application/json', list.replace('"c"', `${'['.repeat(200)}${']'.repeat(200)}`)),
    ],
    [
      'in a comment, to clients that break lines elsewhere',
      answering('text/event-stream', `: x\u2028data: ${list}\n\n`),
    ],
    [
      'in an id, to clients that break lines elsewhere',
      answering('text/event-stream', `id: \u0085data: ${list}\n\n`),
    ],
    [
      'in a text, to clients that break lines elsewhere',
      answering(
        'text/event-stream',
        `data: {"jsonrpc":"2.0","method":"notifications/x","params":{"a":"\u2028\u2028data: ${list.replaceAll('"', '\\"')}"}}\n\n`,
      ),
    ],
  ])('%s', async (_name, script, context = listing) => {
    const seen = await ask(script, context);
    expect(seen.text).not.toContain('export');
    expect(lastMessage(seen)).toMatchObject({ id: 1, error: { data: { code: 'upstream_invalid' } } });
    expect([...seen.outcome.answers]).toEqual([['n1', { kind: 'replaced', code: 'upstream_invalid' }]]);
  });
});

describe('what is hidden is not told', () => {
  const error = (text: string): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32_602, message: text, data: { near: text } } });

  it.each<[string, Script, Partial<RelayContext>?]>([
    ['by an error', answering('application/json', error(`Unknown tool. Did you mean ${hiddenTool}?`))],
    ['by an error in a stream', answering('text/event-stream', `data: ${error(hiddenTool)}\n\n`)],
    ['by an error with status 404', answering('application/json', error(hiddenTool), 404)],
    [
      'by an error about no request',
      answering('application/json', error(hiddenTool).replace('"id":1', '"id":null'), 400),
    ],
    [
      'by completions',
      answering('application/json', message({ completion: { values: ['read', hiddenTool] } })),
    ],
    ['by instructions', answering('application/json', message({ instructions: `Use ${hiddenTool}` }))],
    [
      'by instructions for the stateless era',
      answering('application/json', message({ supportedVersions: [], instructions: hiddenTool })),
      { era: 'stateless', asked: asking(['server/discover', 1]) },
    ],
    [
      'by a tool that failed',
      answering(
        'application/json',
        message({ content: [{ type: 'text', text: hiddenTool }], isError: true }),
      ),
    ],
    [
      'by the task of a tool that failed',
      answering(
        'application/json',
        message({
          status: 'completed',
          result: { content: [], structuredContent: [hiddenTool], isError: true },
        }),
      ),
    ],
    [
      'by a progress',
      answering(
        'text/event-stream',
        `data: ${note.replace('message', 'progress').replace('"data":"x"', `"message":"${hiddenTool}"`)}\n\ndata: ${message({ content: [] })}\n\n`,
      ),
    ],
  ])('%s', async (_name, script, context = {}) => {
    const seen = await ask(script, context);
    expect(seen.text).not.toContain('export');
    expect(scene.events).toHaveLength(1);
    expect(scene.events).toMatchObject([{ kind: 'cleaned' }]);
  });

  it('by a log', async () => {
    const log = (text: string): string => `data: ${note.replace('"x"', JSON.stringify({ text }))}\n\n`;
    const seen = await ask(answering('text/event-stream', log(hiddenTool) + log('read')), listening);
    expect(seen.text).toBe(log('read'));
    expect(scene.events).toEqual([{ kind: 'withheld', reason: 'hidden_name' }]);
  });

  it('by what stands beside a list', async () => {
    const beside = { _meta: { all: [hiddenTool] }, [hiddenTool]: 1, nextCursor: 'c', more: 'read' };
    const seen = await ask(answering('application/json', message({ tools, ...beside })));
    expect(lastMessage(seen)['result']).toEqual({ ...filtered, more: 'read' });
  });

  it('once it was withheld from a list', async () => {
    const visible = makeVisible({ tools: ['read'] });
    scene.options = { ...scene.options, visible: () => visible };
    await ask(answering('application/json', message({ tools: [{ name: 'read' }, { name: 'unreviewed' }] })));
    const seen = await ask(answering('application/json', error('Did you mean unreviewed?')));
    expect(lastMessage(seen)).toMatchObject({ error: { message: 'The server could not do that.' } });
  });

  it('but what an allowed call is answered with stays as it is', async () => {
    const text = message({ content: [{ type: 'text', text: hiddenTool }] });
    expect((await ask(answering('application/json', text), {})).text).toBe(text);
  });

  it('by an update of a hidden resource', async () => {
    const update = (uri: string): string =>
      `data: {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"${uri}"}}\n\n`;
    const visible = (): ReturnType<typeof scene.options.visible> => ({
      tools: new Set(),
      prompts: new Set(),
      templates: new Set(),
      resources: new Set(['file:///a']),
      hidden: new Set(['file:///b']),
    });
    scene.options = { ...scene.options, visible };
    const seen = await ask(
      answering('text/event-stream', update('file:///b') + update('file:///a')),
      listening,
    );
    expect(seen.text).toBe(update('file:///a'));
  });

  it('where nobody can say what is hidden', async () => {
    const visible = (): Promise<never> => Promise.reject(new Error('no service'));
    scene.options = { ...scene.options, visible };
    const listed = await ask(answering('application/json', list));
    expect(lastMessage(listed)).toMatchObject({ error: { data: { code: 'internal_fault' } } });
    const failed = await ask(answering('application/json', error(hiddenTool)));
    expect(lastMessage(failed)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32_602, message: 'The server could not do that.' },
    });
  });
});
