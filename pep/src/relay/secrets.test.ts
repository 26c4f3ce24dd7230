// The credential that the proxy has for a server: no client reads it, whatever the server says.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../config/secret.ts';
import { makeSession } from './scene/makeContext.ts';
import { answering, events, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();
const key = 'key/of "desk"';
const quoted = JSON.stringify(key).slice(1, -1);
const error = (text: string): string =>
  `{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"bad key: ${text}"}}`;
const result = (text: string): string => `{"jsonrpc":"2.0","id":1,"result":{"content":[],"${text}":1}}`;
const escaped = quoted.replaceAll('/', '\\/').replace('k', '\\u006b');
const plain = '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}';

beforeEach(() => {
  scene.options = { ...scene.options, secretOf: () => new Secret(key, 'Bearer ') };
});

describe('the credential of a server', () => {
  it.each([
    ['in an error', json, error(quoted)],
    ['with its prefix', json, error(`Bearer ${quoted}`)],
    ['in other escapes', json, error(escaped)],
    ['as a key of a result', json, result(quoted)],
    ['in an event', events, `data: ${error(quoted)}\n\n`],
    ['in an event in other escapes', events, `id: 1\ndata: ${result(escaped)}\n\n`],
  ])('is not told %s', async (_, headers, text) => {
    scene.script = answering(200, headers, text);
    const seen = await scene.ask();
    expect(seen.text).toContain('upstream_invalid');
    expect(seen.text).not.toMatch(/of .{0,2}"desk/);
    expect(scene.events).toContainEqual({ kind: 'withheld', reason: 'quoted_secret' });
    expect([...seen.outcome.answers]).toEqual([['n1', { kind: 'replaced', code: 'upstream_invalid' }]]);
  });

  it('is not told without a request, nor beside the data of an event', async () => {
    const note = `data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${quoted}"}}\n\n`;
    scene.script = answering(200, events, `${note}: ${key}\n\nid: ${key}\n\ndata: ${plain}\n\n`);
    const context = { session: makeSession() };
    expect((await scene.ask(context)).text).toBe(`data: ${plain}\n\n`);
  });

  it('is not told in a header, nor where an error is about no request', async () => {
    scene.script = answering(
      429,
      { ...json, 'retry-after': key },
      error(quoted).replace('"id":1', '"id":null'),
    );
    const seen = await scene.ask();
    expect(seen.headers['retry-after']).toBe(undefined);
    expect(seen.text).not.toContain(quoted);
  });

  it('is no word that stands in many places', async () => {
    scene.options = { ...scene.options, secretOf: () => new Secret('content') };
    scene.script = answering(200, json, plain);
    expect((await scene.ask()).text).toBe(plain);
  });
});
