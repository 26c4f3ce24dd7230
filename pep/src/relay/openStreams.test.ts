// Streams that clients keep open, and what we say on them.
import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { OpenStreams } from './openStreams.ts';
import type { RelayContext, RelayedRequest } from './relay.ts';
import { identity, makeSession } from './scene/makeContext.ts';
import { until, type Watching } from './scene/relayScene.ts';
import { events } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();

const note =
  'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}\n\n';
const change = (list: string): string =>
  `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}\n\n`;

/** Streams whose server says what it is told to. */
function openStream(context: Partial<RelayContext>): Watching & { say: (text: string) => void } {
  let upstream: ServerResponse | undefined;
  const waiting: string[] = [];
  scene.script = (_request, response) => {
    response.writeHead(200, events).flushHeaders();
    upstream = response;
    for (const text of waiting) response.write(text);
  };
  const say = (text: string): void => {
    if (upstream === undefined) waiting.push(text);
    else upstream.write(text);
  };
  return { ...scene.watch(context), say };
}

const listening = (
  changing: readonly ('tools' | 'prompts' | 'resources')[] = ['tools'],
): Partial<RelayContext> => ({
  httpMethod: 'GET',
  asked: new Map<string, RelayedRequest>(),
  session: makeSession({ changing: new Set(changing) }),
});

function subscribing(
  notifications: Record<string, boolean>,
  id: string | number = 'sub-1',
): Partial<RelayContext> {
  const request = { id, method: 'subscriptions/listen', params: { notifications } };
  return { era: 'stateless', asked: new Map([[typeof id === 'number' ? `n${id}` : `s${id}`, request]]) };
}

describe('a change of what may be seen', () => {
  it('is told where the server tells of such changes', async () => {
    const stream = openStream(listening(['tools', 'resources']));
    await stream.head;
    scene.options.streams.announce(['tools', 'prompts', 'resources']);
    expect(await until(() => stream.text() === change('tools') + change('resources'))).toBe(true);
    stream.leave();
  });

  it('is told between two events', async () => {
    const stream = openStream(listening());
    await stream.head;
    stream.say(note.slice(0, 20));
    stream.say(note.slice(20) + note.slice(0, 30));
    await until(() => stream.text() === note);
    scene.options.streams.announce(['tools']);
    stream.say(note.slice(30));
    expect(await until(() => stream.text() === note + change('tools') + note)).toBe(true);
    stream.leave();
  });

  it('is told to subscriptions that asked for it, under their id, after the acknowledgement', async () => {
    const stream = openStream(subscribing({ toolsListChanged: true, promptsListChanged: false }));
    await stream.head;
    scene.options.streams.announce(['tools', 'prompts']);
    stream.say(note);
    const stamped = change('tools').replace(
      '}\n',
      ',"params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"sub-1"}}}\n',
    );
    expect(await until(() => stream.text() === note + stamped)).toBe(true);
    stream.leave();
  });

  it('is not told on answers to calls, nor to those whom it does not concern', async () => {
    const call = openStream({});
    await call.head;
    call.say(note);
    await until(() => call.text() === note);
    scene.options.streams.announce(['tools']);
    call.leave();
    const other = openStream(listening());
    await other.head;
    scene.options.streams.announce(['tools'], ({ server }) => server !== 'desk');
    other.say(note);
    await until(() => other.text() !== '');
    expect([call.text(), other.text()]).toEqual([note, note]);
    other.leave();
  });
});

describe('streams', () => {
  it('are forgotten when their clients leave', async () => {
    const stream = openStream(listening());
    await stream.head;
    expect(scene.options.streams.size).toBe(1);
    stream.leave();
    expect(await until(() => scene.options.streams.size === 0 && scene.cut === 1)).toBe(true);
  });

  it('are forgotten when they end', async () => {
    scene.script = (_request, response) => void response.writeHead(200, events).end(note);
    expect((await scene.ask(listening())).outcome.end).toBe('complete');
    expect(scene.options.streams.size).toBe(0);
  });

  it('of whoever no longer stands are ended at both sides, calls included', async () => {
    for (const [context, end, rest] of [
      [listening(), 'closed', /^$/],
      // Whoever waits for an answer hears that none will come.
      [{}, 'failed', /^event: message\ndata: \{.*"id":1,"error":\{.*"code":"unauthenticated".*\}\n\n$/],
    ] as const) {
      const stream = openStream(context);
      stream.say(note);
      await until(() => stream.text() === note);
      expect(scene.options.streams.closeWhere(({ identity: { person } }) => person.id === 'ben')).toBe(0);
      expect(scene.options.streams.closeWhere(({ identity: { person } }) => person.id === 'ana')).toBe(1);
      const seen = await stream.seen;
      expect(seen).toMatchObject({ end: 'complete', outcome: { end } });
      expect(seen.text.slice(note.length)).toMatch(rest);
    }
    expect(await until(() => scene.cut === 2)).toBe(true);
  });

  it('on which clients listen are limited, for each grant and for all', async () => {
    const streams = new OpenStreams({ streamsMax: 3, streamsPerGrantMax: 2 });
    scene.options = { ...scene.options, streams };
    const of = (grant: string): Partial<RelayContext> => ({
      ...listening(),
      identity: { ...identity, grant: { ...identity.grant, id: grant } },
    });
    const kept = [];
    for (const grant of ['a', 'a', 'b']) {
      const stream = openStream(of(grant));
      await stream.head;
      kept.push(stream);
    }
    for (const grant of ['a', 'c']) {
      const seen = await openStream(of(grant)).seen;
      expect(seen).toMatchObject({ status: 503, outcome: { end: 'failed', code: 'overloaded' } });
    }
    const call = openStream({});
    expect((await call.head).statusCode).toBe(200);
    for (const stream of [...kept, call]) stream.leave();
    expect(await until(() => streams.size === 0)).toBe(true);
    const again = openStream(of('a'));
    expect((await again.head).statusCode).toBe(200);
    again.leave();
  });
});
