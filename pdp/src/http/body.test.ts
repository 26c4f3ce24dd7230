import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { requireJson } from './body.ts';

const judge = (type: string): (() => void) => {
  const request = new IncomingMessage(new Socket());
  request.headers['content-type'] = type;
  return () => {
    requireJson(request);
  };
};

describe('requireJson', () => {
  it.each([
    'application/json',
    'Application/JSON ; charset=utf-8',
    'application/json;charset = "UTF-8" ; ',
    'application/json;',
  ])('takes %j', (type) => {
    expect(judge(type)).not.toThrow();
  });

  it.each(['', 'text/json', 'application/json; charset=latin1', 'application/json; charset=utf-8 x'])(
    'refuses %j',
    (type) => {
      expect(judge(type)).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
    },
  );

  it('takes no longer for a header of blanks', () => {
    const begin = performance.now();
    for (let round = 0; round < 10; round += 1) {
      expect(judge(`application/json;${' '.repeat(15_000)}x`)).toThrow();
    }
    expect(performance.now() - begin).toBeLessThan(300);
  });
});
