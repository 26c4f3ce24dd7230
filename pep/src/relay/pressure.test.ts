// Slow clients, clients that leave, and replies that take a while to judge.
import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { asking, makeSession, makeVisible } from './scene/makeContext.ts';
import { HeldBytes } from './heldBytes.ts';
import { until, type Script } from './scene/relayScene.ts';
import { answering, beginning, events, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();

const answer = '{"jsonrpc":"2.0","id":1,"result":{}}';
const note = (size: number): string =>
  `data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${'x'.repeat(size)}"}}\n\n`;

const update =
  'data: {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:b"}}\n\n';

const streamBytes = 64 * 1024 * 1024;
const bufferedBytesMax = 24 * 1024 * 1024;

interface Flood {
  readonly script: Script;
  /** Bytes that the server has got rid of, roughly. */
  written: number;
}

/** As much as the other side takes, after what comes first. */
function flood(event: string, first = ''): Flood {
  const flooding: Flood = {
    written: 0,
    script: (_request, response) => {
      response.writeHead(200, events).write(first);
      const writeMore = (): void => {
        while (flooding.written < streamBytes) {
          flooding.written += event.length;
          if (!response.write(event)) {
            response.once('drain', writeMore);
            return;
          }
        }
        response.end(`data: ${answer}\n\n`);
      };
      writeMore();
    },
  };
  return flooding;
}

describe('a client that does not read', () => {
  it.each([
    ['small', 1_000],
    ['large', 1_000_000],
  ])(
    'slows the server down, and gets %s events in the end',
    async (_name, size) => {
      const flooding = flood(note(size));
      scene.script = flooding.script;
      const watching = scene.watch();
      const head = await watching.head;
      head.pause();
      await delay(500);
      expect(flooding.written).toBeLessThan(bufferedBytesMax);
      head.resume();
      const seen = await watching.seen;
      expect(seen.text.length).toBe(flooding.written + `data: ${answer}\n\n`.length);
      expect(seen.outcome.end).toBe('complete');
    },
    60_000,
  );

  it('is not what servers wait for alone: while an event is judged they wait too', async () => {
    const judged = Promise.withResolvers<undefined>();
    const visible = makeVisible({ resources: ['a:b'] });
    scene.options = { ...scene.options, visible: () => judged.promise.then(() => visible) };
    const flooding = flood(note(1_000_000), update);
    scene.script = flooding.script;
    const watching = scene.watch();
    await delay(500);
    expect(flooding.written).toBeLessThan(bufferedBytesMax);
    judged.resolve(undefined);
    expect((await watching.seen).text.length).toBeGreaterThan(flooding.written);
  });

  it('and whose events wait for a verdict meanwhile gets them too', async () => {
    const visible = (): Promise<ReturnType<typeof makeVisible>> =>
      new Promise((resolve) => setTimeout(resolve, 5, makeVisible({ resources: ['a:b'] })));
    scene.options = { ...scene.options, visible };
    const text = (note(100_000) + update).repeat(40);
    scene.script = answering(200, events, text);
    const watching = scene.watch({ httpMethod: 'GET', asked: new Map(), session: makeSession() });
    const head = await watching.head;
    head.pause();
    setTimeout(() => head.resume(), 100);
    expect((await watching.seen).text).toBe(text);
  });
});

describe('a client that leaves', () => {
  it.each([
    ['in the midst of a stream', beginning(events, note(1))],
    ['in the midst of a document', beginning(json, '{')],
  ])('%s ends the reply of the server', async (_name, script) => {
    scene.script = script;
    const watching = scene.watch();
    await until(() => scene.reached === 1);
    await delay(50);
    watching.leave();
    expect(await until(() => scene.cut === 1)).toBe(true);
    expect(await scene.lastOutcome()).toMatchObject({ end: 'left', code: undefined });
  });

  it('while something is judged is told nothing', async () => {
    const judging: (() => void)[] = [];
    const visible = (): Promise<ReturnType<typeof makeVisible>> =>
      new Promise((resolve) => {
        judging.push(() => {
          resolve(makeVisible({ tools: ['read'] }));
        });
      });
    scene.options = { ...scene.options, visible };
    for (const script of [
      answering(200, json, '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}'),
      answering(200, events, 'data: {"jsonrpc":"2.0","id":1,"result":{"tools":[]}}\n\n'),
    ]) {
      scene.script = script;
      const watching = scene.watch({ asked: asking(['tools/list', 1]) });
      await until(() => judging.length > 0);
      watching.leave();
      expect(await scene.lastOutcome()).toMatchObject({ end: 'left' });
      judging.pop()?.();
    }
  });

  it('was gone before the server began', async () => {
    let answerNow: ((response: ServerResponse) => void) | undefined;
    scene.script = (_request, response) => {
      answerNow = () => void response.writeHead(200, json).end(answer);
    };
    const watching = scene.watch();
    await until(() => answerNow !== undefined);
    watching.leave();
    expect(await until(() => scene.cut === 1)).toBe(true);
  });
});

describe('what relays hold together', () => {
  const unfinished = (bytes: number): Script => {
    const text = `data: ${'x'.repeat(bytes)}`;
    return (_request, response) => void response.writeHead(200, events).write(text);
  };

  it.each<[string, Script]>([
    ['an event', unfinished(600_000)],
    [
      'a document',
      (_request, response) => void response.writeHead(200, json).write(`"${'x'.repeat(600_000)}`),
    ],
  ])('ends the answer that asks for too much of it: %s', async (_name, script) => {
    const held = new HeldBytes(1_000_000);
    scene.options = { ...scene.options, held };
    scene.script = script;
    const seen = await scene.ask();
    expect(seen.text).toContain('"code":"overloaded"');
    expect(seen.outcome).toMatchObject({ end: 'failed', code: 'overloaded' });
    expect(await until(() => held.bytes === 0)).toBe(true);
  });

  it('leaves room for small answers beside any number of large ones', async () => {
    const held = new HeldBytes(1_000_000);
    scene.options = { ...scene.options, held };
    scene.script = unfinished(200_000);
    const large = Array.from({ length: 12 }, () => scene.watch());
    expect(await until(() => held.bytes > 500_000)).toBe(true);
    await delay(100);
    expect(held.bytes).toBeLessThan(1_000_000);
    scene.script = answering(200, json, answer);
    expect((await scene.ask()).text).toBe(answer);
    for (const stream of large) stream.leave();
    expect(await until(() => held.bytes === 0)).toBe(true);
  });

  it('counts what waits for clients that do not read, and cuts off the one that has too much', async () => {
    const held = new HeldBytes(1_000_000);
    scene.options = { ...scene.options, held };
    scene.script = flood(note(1_000)).script;
    const slow = scene.watch();
    (await slow.head).pause();
    expect(await until(() => held.bytes > 0)).toBe(true);
    slow.leave();
    scene.script = flood(note(2_000_000)).script;
    const large = scene.watch();
    (await large.head).pause();
    expect(await until(() => held.bytes === 0)).toBe(true);
    (await large.head).resume();
    expect((await large.seen).outcome).toMatchObject({ end: 'failed', code: 'overloaded' });
  });
});
