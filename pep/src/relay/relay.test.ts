import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RelayScene } from './scene/relayScene.ts';

let scene: RelayScene;
beforeAll(async () => {
  scene = await RelayScene.open();
});
beforeEach(() => {
  scene.reset();
});
afterAll(() => scene.close());

const answer = '{ "jsonrpc":"2.0","id":1,"result":{"content":[],"n":1.50} }';

describe('the relay', () => {
  it('passes', async () => {
    scene.script = (_q, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    };
    const seen = await scene.ask();
    expect(seen).toMatchObject({ status: 200, text: answer, end: 'complete' });
    expect(seen.outcome.end).toBe('complete');
  });
  it('passes events', async () => {
    scene.script = (_q, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${answer}\n\n`);
    };
    const seen = await scene.ask();
    expect(seen).toMatchObject({ status: 200, text: `data: ${answer}\n\n`, end: 'complete' });
  });
});
