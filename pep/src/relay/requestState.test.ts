// What a server of the stateless era wants back goes to its client sealed, and nothing around it changes.
import { describe, expect, it } from '@jest/globals';
import { asking } from './scene/makeContext.ts';
import { answering, events, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();
const sealed = '"sealed for tools/call: s"';
const stateless = { era: 'stateless', asked: asking(['tools/call', 1]) } as const;

const spellings = [
  '{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","requestState":STATE}}',
  ' {"result" : {"a":1.50,"requestState"\t:STATE, "n":18446744073709551616,"_meta":{"requestState":"x"}},\n"id":1,"jsonrpc":"2.0"}\n',
  '{"result":{"inputRequests":{"requestState":{"method":"roots/list"}},"request\\u0053tate":STATE},"jsonrpc":"2.0","id":1}',
];

describe('a state', () => {
  it.each(spellings)('is sealed in a document: %s', async (text) => {
    scene.script = answering(200, json, text.replace('STATE', '"s"'));
    expect((await scene.ask(stateless)).text).toBe(text.replace('STATE', sealed));
  });

  it.each(spellings)('is sealed in an event: %s', async (text) => {
    const write = (state: string): string =>
      `id: 7\n${text
        .replace('STATE', state)
        .split('\n')
        .map((line) => `data: ${line}\n`)
        .join('')}\n`;
    scene.script = answering(200, events, write('"s"'));
    expect((await scene.ask(stateless)).text).toBe(write(sealed));
  });

  it('is sealed in a list that is filtered too', async () => {
    const result = '{"tools":[{"name":"read"},{"name":"export_customers"}],"requestState":"s"}';
    scene.script = answering(200, json, `{"jsonrpc":"2.0","id":1,"result":${result}}`);
    const seen = JSON.parse(
      (await scene.ask({ era: 'stateless', asked: asking(['tools/list', 1]) })).text,
    ) as object;
    expect(seen).toMatchObject({
      result: { tools: [{ name: 'read' }], requestState: 'sealed for tools/list: s' },
    });
  });

  it('is nothing in the era of sessions', async () => {
    const text = '{"jsonrpc":"2.0","id":1,"result":{"requestState":"s"}}';
    scene.script = answering(200, json, text);
    expect((await scene.ask({ asked: asking(['tools/call', 1]) })).text).toBe(text);
  });

  it.each(['1', 'null', '["s"]', '{}'])('that is no text is refused: %s', async (state) => {
    scene.script = answering(200, json, `{"jsonrpc":"2.0","id":1,"result":{"requestState":${state}}}`);
    expect((await scene.ask(stateless)).text).toContain('upstream_invalid');
  });

  it('under a key that only some readers take for it is refused', async () => {
    scene.script = answering(200, json, '{"jsonrpc":"2.0","id":1,"result":{"RequestState":"s"}}');
    expect((await scene.ask(stateless)).text).toContain('upstream_invalid');
  });
});
