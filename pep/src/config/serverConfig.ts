// One MCP server behind the proxy, as its operator has configured it.
import type { Secret } from './secret.ts';

export type ServerConfig = HttpServerConfig | StdioServerConfig;

interface AnyServerConfig {
  /** As in the catalog; the proxy serves it at `/<id>/mcp`. */
  readonly id: string;
  /** Asked for each call, after its verdict, since the secret may have changed. Undefined where the server wants none. */
  readonly credential: () => UpstreamCredential | undefined;
  readonly timeouts: ServerTimeouts;
}

export interface HttpServerConfig extends AnyServerConfig {
  /** http or https, without credentials and fragment. */
  readonly upstream: URL;
}

/** One that the proxy starts itself, and speaks to over its standard streams. */
export interface StdioServerConfig extends AnyServerConfig {
  readonly process: ServerCommand;
  /** Asked for each process, since secrets in it may have changed. */
  readonly environment: () => Readonly<Record<string, string>>;
}

export interface ServerCommand {
  /** A program and its arguments; no shell reads them. */
  readonly words: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Whether each session has a process of its own. */
  readonly sharing: 'session' | 'shared';
  /** Sessions at once. */
  readonly sessionsMax: number;
  /** How often in a row it may end before it was of use. After that nobody starts it for a while. */
  readonly restartsMax: number;
  /** A session that is not used for so long ends. */
  readonly idleMs: number;
}

export interface UpstreamCredential {
  /** In lower case. */
  readonly header: string;
  /** The whole value, its prefix included. */
  readonly value: Secret;
}

export interface ServerTimeouts {
  readonly connectMs: number;
  /** From the request to the first byte of the reply. */
  readonly answerMs: number;
}

export const timeoutsDefault: ServerTimeouts = Object.freeze({ connectMs: 5_000, answerMs: 300_000 });
