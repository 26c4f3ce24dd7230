// What of a request's headers reaches the server: an allow-list. No cookie, no authorization of the client's, nothing
// that describes the connection to us.
import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamCredential } from '../config/serverConfig.ts';

const passed = [
  'accept',
  'content-type',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'origin',
  'traceparent',
  'tracestate',
  'user-agent',
] as const;

const mirroredPrefix = 'mcp-param-';

/** What the server calls the session that a request belongs to: our clients know it by another name. */
export const sessionHeader = 'mcp-session-id';

/** The credential comes last: no header of a client can stand in for it. */
export function makeUpstreamHeaders(
  headers: IncomingHttpHeaders,
  host: string,
  credential: UpstreamCredential | undefined,
): Record<string, string> {
  // Answers are parsed, so none may come compressed.
  const made: Record<string, string> = { host, 'accept-encoding': 'identity' };
  for (const name of passed) {
    const value = headers[name];
    if (typeof value === 'string') made[name] = value;
  }
  for (const name in headers) {
    if (name.startsWith(mirroredPrefix)) made[name] = String(headers[name]);
  }
  if (credential !== undefined) made[credential.header] = credential.value.reveal();
  return made;
}
