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

const intended: readonly string[] = [];

describe('the proxy', () => {
  describeTransparency(startCardea, intended);
});
