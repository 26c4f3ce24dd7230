// What a message over HTTP says in headers too, for one that came as a line and has none: taken from its body, so that
// both agree.
import { claimedVersion, statelessVersions } from '../admit/era.ts';
import { findNamed, valueAt, type MirroredArgument } from '../admit/headers.ts';
import { memberOf, type Message } from '../admit/message.ts';
import { isJsonObject } from '@cardea/schemas/json';

/** What a tool of that name wants repeated. */
export type FindMirrored = (tool: string) => readonly MirroredArgument[];

/** Of a message that stands for itself; those of the other era need none. */
export function makeMessageHeaders(message: Message, findMirrored: FindMirrored): Record<string, string> {
  const claim = claimedVersion(message);
  if (message.kind === 'response' || claim === undefined) return {};
  const headers: Record<string, string> = { 'mcp-protocol-version': encodeHeader(claim) };
  if (!statelessVersions.has(claim)) return headers;
  headers['mcp-method'] = encodeHeader(message.method);
  const named = findNamed(message);
  if (typeof named === 'string') headers['mcp-name'] = encodeHeader(named);
  const args = memberOf(message.params, 'arguments');
  if (message.method !== 'tools/call' || typeof named !== 'string' || !isJsonObject(args)) return headers;
  for (const { path, header } of findMirrored(named)) {
    const value = valueAt(args, path);
    if (value !== undefined) headers[`mcp-param-${header.toLowerCase()}`] = encodeHeader(String(value));
  }
  return headers;
}

/** What a header cannot carry goes as base64 (MCP 2026-07-28, Value Encoding). */
function encodeHeader(text: string): string {
  const isPlain =
    /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(text) && !text.startsWith('=?base64?');
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}
