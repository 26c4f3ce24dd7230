// Status and headers of a reply: what kind of body they announce, and which of them the client gets. Everything else is
// between the server and us.
import type { UpstreamReply } from '../act/upstreamReply.ts';
import type { Secret } from '../config/secret.ts';
import { report, type Exchange } from './exchange.ts';

export interface ReplyHead {
  readonly status: number;
  readonly media: Media;
  /** As writeHead takes them: names and values by turns, without those of the body. */
  readonly headers: string[];
  /** As it came. */
  readonly contentType: string | undefined;
  readonly sessionId: string | undefined;
  /** The server wants no proxy to change what it sends: streams suffer from compression. */
  readonly isFixed: boolean;
}

/** `other` also where headers contradict each other, or announce what we could not read. */
export type Media = 'json' | 'events' | 'absent' | 'other';

/** Headers that mean something to clients of MCP, and to proxies on the way to them. */
const passed = new Set(['allow', 'mcp-protocol-version', 'retry-after', 'x-accel-buffering']);

export function readHead(
  { rawHeaders, statusCode }: Pick<UpstreamReply, 'rawHeaders' | 'statusCode'>,
  secret?: Secret,
): ReplyHead {
  const headers: string[] = [];
  let contentType: string | undefined;
  let sessionId: string | undefined;
  let isOdd = false;
  let isFixed = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    const value = rawHeaders[at + 1] as string;
    if (secret?.isQuotedIn(value) === true) continue;
    if (name === 'content-type') {
      isOdd ||= contentType !== undefined && contentType !== value;
      contentType = value;
    } else if (name === 'mcp-session-id') {
      isOdd ||= sessionId !== undefined && sessionId !== value;
      sessionId = value;
    } else if (name === 'content-encoding') {
      isOdd ||= value.toLowerCase() !== 'identity';
    } else if (name === 'cache-control') {
      isFixed ||= value.toLowerCase().includes('no-transform');
    } else if (passed.has(name)) {
      headers.push(name, value);
    }
  }
  const media = isOdd ? 'other' : readMedia(contentType);
  return { status: statusCode, media, headers, contentType, sessionId, isFixed };
}

/** What one identity is shown is not for others, whatever the server says of it. */
export const unshared = 'private, no-store';

/** For writeHead. With an error of ours in the place of the answer no session is told of. */
export function clientHeaders(exchange: Exchange, tellsSession: boolean): string[] {
  const { headers, contentType, sessionId, isFixed } = exchange.head;
  headers.push('cache-control', isFixed ? `${unshared}, no-transform` : unshared);
  const session = exchange.context.session ?? exchange.opened;
  if (contentType !== undefined) headers.push('content-type', contentType);
  if (sessionId === undefined || !tellsSession) return headers;
  // Clients take over whatever session they are told of here, by the id that is theirs.
  if (sessionId === session?.upstreamId) headers.push('mcp-session-id', session.id);
  else report(exchange, { kind: 'withheld', reason: 'foreign_session' });
  return headers;
}

const knownMedia = new Map<string, Media>([
  ['application/json', 'json'],
  ['text/event-stream', 'events'],
]);

function readMedia(contentType: string | undefined): Media {
  if (contentType === undefined) return 'absent';
  const known = knownMedia.get(contentType);
  if (known !== undefined) return known;
  const [essence = '', ...parameters] = contentType.toLowerCase().split(';');
  if (!parameters.every(isHarmless)) return 'other';
  return knownMedia.get(essence.trim()) ?? 'other';
}

/** What we read as UTF-8 no client may read as anything else. */
function isHarmless(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() !== 'charset' || /^("utf-?8"|utf-?8)$/.test(value.trim());
}
