// How a session begins.
import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@cardea/schemas/codes';
import type { JsonObject } from '@cardea/schemas/json';
import type { SessionOpening } from './relay.ts';
import { asking, makeVisible } from './scene/makeContext.ts';
import type { Seen } from './scene/relayScene.ts';
import { answering, events, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();

const initialize = { asked: asking(['initialize', 0]) };
const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: false },
  resources: {},
  logging: {},
};
const result = { protocolVersion: '2025-06-18', capabilities, serverInfo: { name: 'desk', version: '1' } };
const textOf = (answer: JsonObject): string => JSON.stringify({ jsonrpc: '2.0', id: 0, result: answer });

function initializeWith(answer: JsonObject, headers: Record<string, string> = {}): Promise<Seen> {
  scene.script = answering(200, { ...json, 'mcp-session-id': 's-9', ...headers }, textOf(answer));
  return scene.ask(initialize);
}

function keepOpenings(): SessionOpening[] {
  const openings: SessionOpening[] = [];
  const openSession = (_context: unknown, opening: SessionOpening): undefined => {
    openings.push(opening);
  };
  scene.options = { ...scene.options, openSession };
  return openings;
}

describe('a session', () => {
  it('is open before its client has the answer', async () => {
    let sentBefore = 0;
    const openings: SessionOpening[] = [];
    scene.script = answering(200, { ...events, 'mcp-session-id': 's-9' }, `data: ${textOf(result)}\n\n`);
    const watching = scene.watch(initialize);
    const openSession = (_context: unknown, opening: SessionOpening): undefined => {
      sentBefore = watching.text().length;
      openings.push(opening);
    };
    scene.options = { ...scene.options, openSession };
    expect((await watching.seen).text).toBe(`data: ${textOf(result)}\n\n`);
    expect(openings).toEqual([{ id: 's-9', protocol: '2025-06-18', changing: new Set(['tools']) }]);
    expect(sentBefore).toBe(0);
  });

  it('is none where the server has none', async () => {
    const openings = keepOpenings();
    scene.script = answering(200, json, textOf(result));
    expect((await scene.ask(initialize)).text).toBe(textOf(result));
    expect(openings).toMatchObject([{ id: undefined }]);
  });

  it.each<[string, JsonObject]>([
    ['that the proxy does not know', { ...result, protocolVersion: '2099-01-01' }],
    ['of the stateless era', { ...result, protocolVersion: '2026-07-28' }],
    ['that is no text', { ...result, protocolVersion: 20_250_618 }],
    ['that is not said', { capabilities }],
    ['that is said twice', { ...result, ProtocolVersion: '2025-03-26' }],
  ])('does not begin under a revision %s', async (_name, answer) => {
    const openings = keepOpenings();
    const seen = await initializeWith(answer);
    expect(seen).toMatchObject({ status: 502 });
    expect(seen.headers['mcp-session-id']).toBeUndefined();
    expect(seen.text).toContain('upstream_invalid');
    expect(openings).toEqual([]);
  });

  it('does not begin where there is no room for it', async () => {
    const openSession = (): never => {
      throw new Refusal('overloaded', 'too many sessions');
    };
    scene.options = { ...scene.options, openSession };
    const seen = await initializeWith(result);
    expect(seen.status).toBe(503);
    expect(JSON.parse(seen.text)).toMatchObject({ id: 0, error: { data: { code: 'overloaded' } } });
    expect(seen.headers['mcp-session-id']).toBeUndefined();
  });

  it('does not begin with an error', async () => {
    const openings = keepOpenings();
    const error = '{"jsonrpc":"2.0","id":0,"error":{"code":-32602,"message":"Unsupported protocol version"}}';
    scene.script = answering(200, json, error);
    expect((await scene.ask(initialize)).text).toBe(error);
    expect(openings).toEqual([]);
  });

  it('begins without instructions that name something hidden', async () => {
    const openings = keepOpenings();
    const seen = await initializeWith({ ...result, instructions: 'Never call export_customers.' });
    expect(JSON.parse(seen.text)).toEqual({ jsonrpc: '2.0', id: 0, result });
    expect(openings).toHaveLength(1);
  });
});

describe('in the stateless era', () => {
  const stateless = (method: string): object => ({ era: 'stateless', asked: asking([method, 0]) });
  const tools = [{ name: 'read' }];

  async function askFor(method: string, answer: JsonObject): Promise<string> {
    scene.script = answering(200, json, textOf(answer));
    return (await scene.ask(stateless(method))).text;
  }

  it.each<[string, JsonObject]>([
    ['public', { tools, ttlMs: 1, cacheScope: 'public' }],
    ['of no scope', { tools, ttlMs: 1 }],
  ])('a list that is %s is for one identity from now on', async (_name, answer) => {
    const text = await askFor('tools/list', answer);
    expect(JSON.parse(text)).toMatchObject({ result: { tools, ttlMs: 1, cacheScope: 'private' } });
  });

  it('a list that is private passes as it is', async () => {
    const text = textOf({ tools, cacheScope: 'private' }).replace(':', ' : ');
    scene.script = answering(200, json, text);
    expect((await scene.ask(stateless('tools/list'))).text).toBe(text);
  });

  it.each<[string, JsonObject]>([
    ['resources/read', { contents: [], ttlMs: 1, cacheScope: 'public' }],
    ['server/discover', { supportedVersions: [], instructions: 'Read.', cacheScope: 'public' }],
    ['tools/call', { content: [], cacheScope: ['public'] }],
  ])('so is what %s is answered with', async (method, answer) => {
    expect(await askFor(method, answer)).toBe(textOf({ ...answer, cacheScope: 'private' }));
  });

  it('what says nothing of caches, and is no list, passes as it is', async () => {
    const text = textOf({ contents: [] }).replace(':', ' : ');
    scene.script = answering(200, json, text);
    expect((await scene.ask(stateless('resources/read'))).text).toBe(text);
  });

  it('what was said to one identity only is private', async () => {
    const discovered = {
      supportedVersions: ['2026-07-28'],
      instructions: 'export_customers',
      cacheScope: 'public',
    };
    const text = await askFor('server/discover', discovered);
    expect(JSON.parse(text)).toMatchObject({
      result: { supportedVersions: ['2026-07-28'], cacheScope: 'private' },
    });
    expect(text).not.toContain('instructions');
  });

  it('a list of sessions has no scope', async () => {
    const text = textOf({ tools, nextCursor: 'c' });
    scene.script = answering(200, json, text);
    expect((await scene.ask({ asked: asking(['tools/list', 0]) })).text).toBe(text);
  });

  it('a list of nothing may be null', async () => {
    expect(await askFor('prompts/list', { prompts: null })).toBe(textOf({ prompts: null }));
  });

  it('a list keeps its numbers where it is written anew', async () => {
    scene.options = { ...scene.options, visible: () => makeVisible({ tools: ['read'] }) };
    const schema = '{"maximum":18446744073709551615,"minimum":-0.10,"2":1e400}';
    const text = textOf({ tools: [{ name: 'read', inputSchema: 'S' }, { name: 'x' }] }).replace(
      '"S"',
      schema,
    );
    scene.script = answering(200, json, text);
    const seen = await scene.ask({ asked: asking(['tools/list', 0]) });
    expect(seen.text).toContain(
      '{"2":1.7976931348623157e+308,"maximum":18446744073709551615,"minimum":-0.1}',
    );
  });
});
