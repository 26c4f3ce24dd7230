// What one session of the server remembers, and what its handlers are given.
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

export interface Session {
  readonly server: McpServer;
  /** URIs whose changes the client wants to hear of. */
  readonly subscriptions: Set<string>;
  /** Calls that the client took back. */
  cancellations: number;
  /** The session offers one tool less. */
  isReduced: boolean;
}
