// What is offered: every list, page by page, and what stands behind its entries.
import type { Stops } from './takeTour.ts';

export const listStops: Stops = {
  'tools in pages': async ({ client }) => {
    const first = await client.listTools();
    return [first, await client.listTools({ cursor: first.nextCursor })];
  },
  'resources in pages': async ({ client }) => {
    const pages = [await client.listResources()];
    for (let cursor = pages[0]?.nextCursor; cursor !== undefined; cursor = pages.at(-1)?.nextCursor) {
      pages.push(await client.listResources({ cursor }));
    }
    return pages;
  },
  templates: ({ client }) => client.listResourceTemplates(),
  prompts: ({ client }) => client.listPrompts(),
  'plain prompt': ({ client }) => client.getPrompt({ name: 'plain' }),
  'prompt with arguments': ({ client }) =>
    client.getPrompt({ name: 'greeting', arguments: { who: 'Ana', tone: 'formal' } }),
  'unknown prompt': ({ client }) => client.getPrompt({ name: 'nowhere' }),
  'text resource': ({ client }) => client.readResource({ uri: 'notes://7' }),
  'picture resource': ({ client }) => client.readResource({ uri: 'notes://picture' }),
  'templated resource': ({ client }) => client.readResource({ uri: 'notes://on/tea' }),
  'unknown resource': ({ client }) => client.readResource({ uri: 'notes://nowhere' }),
  'completion for a prompt': ({ client }) =>
    client.complete({
      ref: { type: 'ref/prompt', name: 'greeting' },
      argument: { name: 'tone', value: 'fr' },
    }),
  'completion for a template': ({ client }) =>
    client.complete({
      ref: { type: 'ref/resource', uri: 'notes://on/{topic}' },
      argument: { name: 'topic', value: 't' },
    }),
};
