// Servers that break off, stall or never end: the client learns of it in a form that it can read, and soon.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@cardea/schemas/json';
import type { RelayContext } from './relay.ts';
import { defaultRelayLimits, type RelayLimits } from './relayLimits.ts';
import type { Visible } from '../resolve/visibility.ts';
import { makeVisible } from './scene/makeContext.ts';
import { until, type Script, type Seen } from './scene/relayScene.ts';
import { answering, beginning, breakOff, events, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();

const answer = '{"jsonrpc":"2.0","id":1,"result":{}}';
const note = 'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n';

async function ask(script: Script, context: Partial<RelayContext> = {}): Promise<Seen> {
  scene.script = script;
  return scene.ask(context);
}

function limit(limits: Partial<RelayLimits>): void {
  scene.options = { ...scene.options, limits: { ...defaultRelayLimits, ...limits } };
}

const lastEvent = ({ text }: Seen): JsonObject => JSON.parse(text.split('data: ').at(-1) ?? '') as JsonObject;

describe('a reply that breaks off', () => {
  it('in the midst of a document is an error', async () => {
    const seen = await ask(beginning(json, answer.slice(0, 9), breakOff));
    expect(seen).toMatchObject({ status: 502, outcome: { end: 'failed', code: 'upstream_error' } });
  });

  it('before the length that it announced is an error', async () => {
    const seen = await ask((_request, response) => {
      response.writeHead(200, { ...json, 'content-length': '999' }).write(answer);
      setTimeout(() => response.destroy(), 20);
    });
    expect(seen.status).toBe(502);
  });

  it('in the midst of a stream is an error for what was asked', async () => {
    const seen = await ask(beginning(events, `${note}data: {"js`, breakOff));
    expect(seen.text.startsWith(note)).toBe(true);
    expect(lastEvent(seen)).toMatchObject({ id: 1, error: { data: { code: 'upstream_error' } } });
  });

  it.each([
    ['is there again for clients that can come back', `id: 7\n${note}`, {}],
    ['has answered all', `data: ${answer}\n\n`, {}],
    ['was listened to', note, { httpMethod: 'GET', asked: new Map() }],
  ] as const)('and %s breaks for the client too', async (_name, text, context) => {
    const seen = await ask(beginning(events, text, breakOff), context);
    expect(seen).toMatchObject({ text, end: 'broken', outcome: { end: 'failed', code: 'upstream_error' } });
  });
});

describe('a reply to whoever no longer stands', () => {
  it.each([
    ['a document', json, answer],
    ['a stream', events, `data: ${answer}\n\n`],
  ])('is not passed on as %s', async (_, headers, text) => {
    scene.options = { ...scene.options, mayStay: () => false };
    const seen = await ask(answering(200, headers, text));
    expect(seen).toMatchObject({ status: 401, outcome: { end: 'failed', code: 'unauthenticated' } });
    expect(seen.text).not.toContain('result');
  });

  it('ends while it is awaited, and while it is judged', async () => {
    const end = (): number => scene.options.streams.closeWhere(() => true);
    scene.script = beginning(json, answer.slice(0, 9), () => end());
    expect(await scene.ask()).toMatchObject({ status: 401, end: 'complete' });
    expect(await until(() => scene.cut === 1)).toBe(true);
    const visible = async (): Promise<Visible> => {
      expect(end()).toBe(1);
      return Promise.resolve(makeVisible());
    };
    scene.options = { ...scene.options, visible };
    const seen = await ask(answering(200, json, '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}'));
    expect(seen).toMatchObject({ status: 401, end: 'complete' });
    expect(scene.options.streams.size).toBe(0);
  });
});

describe('a reply without end', () => {
  it('that is silent in the midst of a document is left', async () => {
    limit({ bodyIdleTimeoutMs: 40 });
    const seen = await ask(beginning(json, '{'));
    expect(seen).toMatchObject({ status: 504, outcome: { end: 'failed', code: 'upstream_timeout' } });
    expect(await until(() => scene.cut > 0)).toBe(true);
  });

  it('that pauses is waited for', async () => {
    limit({ bodyIdleTimeoutMs: 120 });
    const seen = await ask((_request, response) => {
      response.writeHead(200, json);
      for (const [at, part] of Array.from(answer).entries()) setTimeout(() => response.write(part), at * 8);
      setTimeout(() => response.end(), answer.length * 8);
    });
    expect(seen).toMatchObject({ status: 200, text: answer });
  });

  it('that drips is left', async () => {
    limit({ bodyIdleTimeoutMs: 1_000, bodyTimeoutMs: 80 });
    const seen = await ask((_request, response) => {
      response.writeHead(200, json).write('{');
      const dripping = setInterval(() => response.write(' '), 5);
      response.on('close', () => {
        clearInterval(dripping);
      });
    });
    expect(seen.status).toBe(504);
  });

  it('that is a stream may be silent', async () => {
    limit({ bodyIdleTimeoutMs: 10, bodyTimeoutMs: 10 });
    const seen = await ask(beginning(events, note, (response) => void response.end(`data: ${answer}\n\n`)));
    expect(seen).toMatchObject({ text: `${note}data: ${answer}\n\n`, outcome: { end: 'complete' } });
  });

  it.each([
    ['a document', json, '{"jsonrpc":"2.0","id":1,"result":{"a":"'],
    ['an event', events, 'data: {"jsonrpc":"2.0","id":1,"result":{"a":"'],
    ['a line', events, 'id: '],
  ])('that is larger than it may, in %s, is left', async (_name, headers, begun) => {
    limit({ bodyBytesMax: 10_000, eventBytesMax: 10_000 });
    const seen = await ask(beginning(headers, begun + 'x'.repeat(20_000)));
    expect(lastEvent(seen)).toMatchObject({ id: 1, error: { data: { code: 'upstream_invalid' } } });
    expect(await until(() => scene.cut > 0)).toBe(true);
  });

  it('that holds more values than it may is an error', async () => {
    limit({ jsonNodesMax: 100 });
    const seen = await ask(
      answering(200, json, `{"jsonrpc":"2.0","id":1,"result":{"a":[${'1,'.repeat(100)}1]}}`),
    );
    expect(seen.text).toContain('upstream_invalid');
  });
});
