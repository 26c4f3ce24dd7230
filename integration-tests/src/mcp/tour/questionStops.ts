// What the server asks of the client while a call runs.
import type { Stops } from './takeTour.ts';

export const questionStops: Stops = {
  sampling: async ({ client, asked }) => ({
    result: await client.callTool({ name: 'ask-model' }),
    asked: asked.splice(0),
  }),
  'elicitation, accepted': async (traveller) => {
    traveller.userSays = { action: 'accept', content: { colour: 'blue' } };
    const result = await traveller.client.callTool({ name: 'ask-user' });
    return { result, asked: traveller.asked.splice(0) };
  },
  'elicitation, declined': async (traveller) => {
    traveller.userSays = { action: 'decline' };
    const result = await traveller.client.callTool({ name: 'ask-user' });
    return { result, asked: traveller.asked.splice(0) };
  },
  roots: ({ client }) => client.callTool({ name: 'list-roots' }),
  'roots changed': async ({ client }) => {
    await client.sendRootsListChanged();
    return client.callTool({ name: 'list-roots' });
  },
};
