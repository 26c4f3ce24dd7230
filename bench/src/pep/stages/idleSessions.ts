// What a fresh proxy holds while thousands of clients have sessions and do nothing. A session is: `initialize` answered
// by the server with an id, the client's notification that it is ready, one connection of the client, and an open GET
// stream through the proxy to the server, of which limits are set to allow that many.
import { setTimeout as delay } from 'node:timers/promises';
import { ChildProcess } from '../../child/childProcess.ts';
import type { Cardea } from '../contenders/cardea.ts';
import type { IdleAnswer, IdleQuestion } from '../idle/idle.ts';

export interface IdleResult extends IdleAnswer {
  /** Of the proxy's process, before the first and with all of them. */
  readonly rssBeforeMb: number;
  readonly rssMb: number;
}

/** Beside the sessions: probes, and whatever else a proxy is asked. */
const spareConnections = 100;

/** For what is left over from opening them. */
const settleMs = 1_000;
const openMsMax = 120_000;

export async function measureIdleSessions(
  cardea: Cardea,
  upstream: string,
  sessions: number,
): Promise<IdleResult> {
  const room = sessions + spareConnections;
  const proxy = await cardea.start({ upstream, limits: { connectionsMax: room, streamsMax: sessions } });
  const clients = ChildProcess.start<IdleQuestion, IdleAnswer>(new URL('../idle/main.ts', import.meta.url));
  try {
    const before = await proxy.readUsage();
    const { url } = proxy;
    const opened = await clients.ask({ url, tokens: cardea.tokens, sessions }, openMsMax);
    await delay(settleMs);
    const { rssMb } = await proxy.readUsage();
    return { ...opened, rssBeforeMb: before.rssMb, rssMb };
  } finally {
    await clients.close();
    await proxy.close();
  }
}
