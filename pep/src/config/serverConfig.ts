// One MCP server behind the proxy, as its operator has configured it.
import type { Secret } from './secret.ts';

export type ServerConfig = HttpServerConfig;

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
