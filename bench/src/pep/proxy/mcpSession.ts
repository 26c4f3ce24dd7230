// What a client does before its first call, with those that want a session.
import { writeInitialize, writeInitialized } from '../workload/calls.ts';

/** All headers for calls in a session of its own. Rejects where there is none to be had. */
export async function openSession(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const opened = await fetch(url, { method: 'POST', headers, body: writeInitialize() });
  const text = await opened.text();
  const sessionId = opened.headers.get('mcp-session-id');
  if (opened.status !== 200 || sessionId === null)
    throw new Error(`no session was opened: ${opened.status} ${text.slice(0, 300)}`);
  const inSession = { ...headers, 'mcp-session-id': sessionId };
  const told = await fetch(url, { method: 'POST', headers: inSession, body: writeInitialized() });
  await told.text();
  return inSession;
}
