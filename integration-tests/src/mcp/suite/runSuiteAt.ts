// The conformance suite against an endpoint that wants headers: the suite cannot send any, so they are added on its way.
import type { Endpoint } from '../endpoint.ts';
import { startVariedProxy } from '../variedProxy.ts';
import { runSuite, type Outcomes, type Revision } from './runSuite.ts';

export async function runSuiteAt({ url, headers }: Endpoint, revision: Revision): Promise<Outcomes> {
  if (headers === undefined) return runSuite({ url, revision });
  const front = await startVariedProxy(url, {
    requestHead: (head) => ({ ...head, headers: { ...head.headers, ...headers } }),
  });
  try {
    return await runSuite({ url: front.url, revision });
  } finally {
    await front.close();
  }
}
