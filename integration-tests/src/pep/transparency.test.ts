// The proxy changes nothing that client or server could see, but for what it is there to change.
import { describe } from '@jest/globals';
import { approvedCatalog } from '../mcp/catalog/approvedCatalog.ts';
import { describeTransparency } from '../mcp/describeTransparency.ts';
import type { Endpoint } from '../mcp/endpoint.ts';
import { defaultToken, permitAll, Stack } from './stack.ts';

async function startCardea(upstreamUrl: string): Promise<Endpoint> {
  const stack = await Stack.start({
    policies: permitAll,
    catalogs: { desk: await approvedCatalog(upstreamUrl, 'desk') },
    upstreams: { desk: upstreamUrl },
  });
  return {
    url: stack.url('desk'),
    headers: { authorization: `Bearer ${defaultToken}` },
    close: () => stack.stop(),
  };
}

const intended = [
  // What is hidden and what does not exist are answered alike, and not by the server.
  '/unknown prompt/message',
  '/unknown prompt/data',
  '/unknown resource/message',
  '/unknown resource/data/code',
  '/unknown resource/data/verdict',
  '/unknown resource/data/message',
  '/unknown tool/message',
  '/unknown tool/data',
  // So are tasks that nobody here has seen start.
  '/tasks-capability-negotiation/sep-2663-tasks-methods-non-declaring',
  // No part of an address names a server or a credential but its path.
  '/the query',
];

describe('the proxy', () => {
  describeTransparency(startCardea, intended);
});
