import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@cardea/schemas/json';
import { sampleView as view } from '../../test/sampleView.ts';
import type { Identity } from '../identify/identity.ts';
import { BundleChanged } from '../decide/bundleChanged.ts';
import { VisibleSets } from './visibleSets.ts';

const identity = (digest: string): Identity =>
  ({ digest, words: { subject: { id: digest }, agent: {}, grant: {} } }) as unknown as Identity;

let asked: string[];
let answer: () => Promise<JsonValue>;
let sets: VisibleSets;

const shown = (...visible: { type: string; id: string }[]): JsonValue => ({ bundle: 'b1', visible });

beforeEach(() => {
  asked = [];
  answer = () =>
    Promise.resolve(shown({ type: 'Tool', id: 'desk/refund' }, { type: 'Prompt', id: 'desk/hidden' }));
  sets = new VisibleSets({
    ask: (path, body) => {
      asked.push(`${path} ${body}`);
      return answer();
    },
  });
});

describe('VisibleSets', () => {
  it('asks about everything of the server, as who asks', async () => {
    await sets.find('b1', identity('ann'), view);
    expect(asked).toEqual([
      '/v1/discover {"subject":{"id":"ann"},"context":{"agent":{},"grant":{}},"server":"desk"}',
    ]);
  });

  it('sorts what the catalog has into what is shown and what is hidden', async () => {
    const visible = await sets.find('b1', identity('ann'), view);
    expect([...visible.tools]).toEqual(['refund']);
    expect([...visible.prompts]).toEqual(['hidden']);
    expect([...visible.resources, ...visible.templates]).toEqual([]);
    // Shown as a prompt: no secret as a tool.
    expect(visible.hidden.has('hidden')).toBe(false);
    expect(visible.hidden.has('open')).toBe(true);
    expect(visible.hidden.has('file:///{name}')).toBe(true);
  });

  it('takes nothing of other servers, other kinds or other names for its own', async () => {
    answer = () =>
      Promise.resolve(
        shown(
          { type: 'Tool', id: 'other/refund' },
          { type: 'Prompt', id: 'desk/refund' },
          { type: 'Tool', id: 'desk/unknown' },
          { type: 'Tool', id: 'desk/Refund' },
        ),
      );
    const visible = await sets.find('b1', identity('ann'), view);
    expect([...visible.tools, ...visible.prompts]).toEqual([]);
  });

  it('asks once for each bundle, identity and server', async () => {
    await Promise.all([sets.find('b1', identity('ann'), view), sets.find('b1', identity('ann'), view)]);
    await sets.find('b1', identity('ann'), view);
    expect(asked.length).toBe(1);
    await sets.find('b1', identity('bob'), view);
    expect(asked.length).toBe(2);
    await expect(sets.find('b2', identity('ann'), view)).rejects.toThrow(BundleChanged);
    expect(asked.length).toBe(3);
  });

  it('keeps no failure', async () => {
    answer = () => Promise.reject(new Error('no'));
    await expect(sets.find('b1', identity('ann'), view)).rejects.toThrow('no');
    answer = () => Promise.resolve(shown());
    expect((await sets.find('b1', identity('ann'), view)).tools.size).toBe(0);
  });

  it.each<[string, JsonValue]>([
    ['another shape', { bundle: 'b1', visible: 'everything' }],
    ['no bundle', { visible: [] }],
    ['nothing', null],
  ])('takes an answer with %s for none', async (_, wrong) => {
    answer = () => Promise.resolve(wrong);
    await expect(sets.find('b1', identity('ann'), view)).rejects.toMatchObject({
      code: 'decision_unavailable',
    });
  });

  it('forgets, and keeps nothing that began before', async () => {
    const gate = Promise.withResolvers<JsonValue>();
    answer = () => gate.promise;
    const before = sets.find('b1', identity('ann'), view);
    sets.forget();
    answer = () => Promise.resolve(shown());
    const after = await sets.find('b1', identity('ann'), view);
    gate.resolve(shown({ type: 'Tool', id: 'desk/refund' }));
    await before;
    expect(await sets.find('b1', identity('ann'), view)).toBe(after);
  });
});
