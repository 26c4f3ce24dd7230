// One MCP server, as the proxy reaches it: over HTTP, or as a process that the proxy has started. Nothing is ever sent
// twice: a call may have run although its answer was lost.
import type { Era } from '../admit/era.ts';
import type { Message } from '../admit/message.ts';
import type { ServerConfig } from '../config/serverConfig.ts';
import type { UpstreamReply } from './upstreamReply.ts';

export interface UpstreamCall {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Record<string, string>;
  /** The bytes that were judged. */
  readonly body: Buffer | undefined;
  /** What they say; nothing where the proxy itself answers the server. */
  readonly messages: readonly Message[];
  readonly era: Era;
  /** The grant that it is made under. */
  readonly caller: string;
  /** Ends the call: the client has left, or may no longer see the answer. */
  readonly signal: { onAbort(end: () => void): void };
}

export interface Upstream {
  readonly config: ServerConfig;
  /** What the header of that name has to say. */
  readonly host: string;
  /** Resolves with the head of the reply. Throws Refusal `upstream_unavailable`, `upstream_timeout`, `overloaded`. */
  send(call: UpstreamCall): Promise<UpstreamReply>;
  /** Resolves when nothing is left. */
  close(): Promise<void>;
}
