// What comes on the stream that the client listens on, and streams that break and are taken up again.
import type { Traveller } from './traveller.ts';
import type { Stops } from './takeTour.ts';

const uri = 'notes://3';
const updated = 'notifications/resources/updated';

export const streamStops: Stops = {
  'list of tools changed': async (traveller) => {
    const { client } = traveller;
    const before = await client.callTool({ name: 'passing' });
    const result = await client.callTool({ name: 'reduce' });
    const heard = await traveller.hears('notifications/tools/list_changed', 1);
    return { before, result, heard, after: await client.listTools({ cursor: '10' }) };
  },
  'resource updated': async (traveller) => {
    await traveller.client.subscribeResource({ uri });
    await touch(traveller);
    return traveller.hears(updated, 1);
  },
  'update while nobody listened': async (traveller) => {
    await traveller.client.callTool({ name: 'break-listening' });
    await touch(traveller);
    return traveller.hears(updated, 2);
  },
  'no update after unsubscribing': async (traveller) => {
    await traveller.client.unsubscribeResource({ uri });
    await touch(traveller);
    return traveller.hears(updated, 2);
  },
  'answer after the stream broke': ({ client }) => client.callTool({ name: 'break-stream' }),
};

async function touch({ client }: Traveller): Promise<void> {
  await client.callTool({ name: 'touch', arguments: { uri } });
}
