// The fetch of the web over guarded connections. It follows no redirect: that is an answer like others.
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { makeGuardedConnector, type ConnectorOptions } from './guardedConnector.ts';

export type GuardedFetch = (
  url: URL,
  init: Omit<RequestInit, 'dispatcher' | 'redirect'>,
) => Promise<Response>;

/** To one origin; others wait. */
const connectionsMax = 32;

/** Idle connections are given up before servers do it, whose default is five seconds. */
const idleMs = 4_000;

/** Rejects as fetch does: `refusalBehind` finds the refusal in what it rejects with. */
export function makeGuardedFetch(options: ConnectorOptions): GuardedFetch {
  const dispatcher = new Agent({
    connect: makeGuardedConnector(options),
    connections: connectionsMax,
    pipelining: 1,
    keepAliveTimeout: idleMs,
  });
  return (url, init) => fetch(url, { ...init, dispatcher, redirect: 'manual' });
}
