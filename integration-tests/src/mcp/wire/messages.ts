// Calls of the scripted tool as texts, in both eras, with the headers that each wants.
import type { WireClient, WireRequest } from './wireClient.ts';

export type Era = 'sessions' | 'stateless';

export const eras: readonly Era[] = ['sessions', 'stateless'];

/** What a client sends with every request from then on. */
export type Opened = Readonly<Record<string, string>>;

const legacyVersion = '2025-11-25';
const modernVersion = '2026-07-28';

const accept = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

/** A session in the era that has them. */
export async function open(client: WireClient, era: Era): Promise<Opened> {
  if (era === 'stateless') return { ...accept, 'mcp-protocol-version': modernVersion };
  const params = `{"protocolVersion":"${legacyVersion}","capabilities":{},"clientInfo":{"name":"wire","version":"1"}}`;
  const body = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":${params}}`;
  const { headers } = await client.send({ method: 'POST', headers: accept, body });
  const opened = {
    ...accept,
    'mcp-protocol-version': legacyVersion,
    'mcp-session-id': String(headers['mcp-session-id'] ?? 'none'),
  };
  await client.send(notification(opened, 'notifications/initialized'));
  return opened;
}

export interface Call {
  readonly era: Era;
  /** Of the call; a test finds its request by it. */
  readonly id: string;
  /** The text of the arguments. */
  readonly args?: string;
  /** Texts that follow in the envelope, in its params, and in their metadata. */
  readonly more?: { readonly envelope?: string; readonly params?: string; readonly meta?: string };
}

export function call(opened: Opened, { era, id, args = '{}', more = {} }: Call): WireRequest {
  const meta = era === 'stateless' ? `,"_meta":{${modernMeta}${more.meta ?? ''}}` : legacyMeta(more.meta);
  const params = `{"name":"scripted","arguments":${args}${meta}${more.params ?? ''}}`;
  const named = era === 'stateless' ? { 'mcp-method': 'tools/call', 'mcp-name': 'scripted' } : {};
  const body = `{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":${params}${more.envelope ?? ''}}`;
  return { method: 'POST', headers: { ...opened, ...named }, body };
}

/** Without what only requests with a body have. */
export function listen(opened: Opened, lastEventId?: string): WireRequest {
  const kept = Object.entries(opened).filter(([name]) => name !== 'content-type');
  const last = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  return { method: 'GET', headers: { ...Object.fromEntries(kept), accept: 'text/event-stream', ...last } };
}

export function notification(opened: Opened, method: string, params?: string): WireRequest {
  const rest = params === undefined ? '' : `,"params":${params}`;
  return { method: 'POST', headers: opened, body: `{"jsonrpc":"2.0","method":"${method}"${rest}}` };
}

export function result(id: string, content = '{"content":[]}'): string {
  return `{"jsonrpc":"2.0","id":"${id}","result":${content}}`;
}

const modernMeta = [
  `"io.modelcontextprotocol/protocolVersion":"${modernVersion}"`,
  '"io.modelcontextprotocol/clientInfo":{"name":"wire","version":"1"}',
  '"io.modelcontextprotocol/clientCapabilities":{}',
].join(',');

function legacyMeta(more: string | undefined): string {
  return more === undefined ? '' : `,"_meta":{"wire":true${more}}`;
}
