// Looks at the files of a proxy for as long as it runs.
import { setTimeout as delay } from 'node:timers/promises';
import type { ProxyParts } from './proxyParts.ts';

type Watching = Pick<ProxyParts, 'grants' | 'secrets' | 'callers'>;

/** Until the signal aborts. */
export async function pollFiles(parts: Watching, pollMs: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await delay(pollMs, undefined, { signal });
    } catch {
      // Only the signal ends a delay early.
      return;
    }
    await lookAtFiles(parts);
  }
}

export async function lookAtFiles({ grants, secrets, callers }: Watching): Promise<void> {
  callers.poll();
  await Promise.all([grants.poll(), secrets.poll()]);
}
