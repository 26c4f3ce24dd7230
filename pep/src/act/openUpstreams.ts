// The adapters for all servers, each by what its operator has configured.
import type { DialPolicy } from '@cardea/dial';
import type { ServerConfig } from '../config/serverConfig.ts';
import type { Report } from '../telemetry/proxyEvent.ts';
import { HttpUpstream } from './httpUpstream.ts';
import { Guardian } from './stdio/guardian/guardian.ts';
import { StdioUpstream } from './stdio/stdioUpstream.ts';
import type { Upstream } from './upstream.ts';

export interface Upstreams {
  /** By the path at which the proxy serves it. */
  readonly byPath: ReadonlyMap<string, Upstream>;
  /** Resolves when nothing is left of what was started. */
  readonly close: () => Promise<void>;
}

export function openUpstreams(
  servers: ReadonlyMap<string, ServerConfig>,
  dial: DialPolicy,
  report: Report,
): Upstreams {
  const guardian = new Guardian();
  const open = (config: ServerConfig): Upstream =>
    'process' in config ? new StdioUpstream(config, guardian, report) : new HttpUpstream(config, dial);
  const byPath = new Map([...servers].map(([id, config]) => [`/${id}/mcp`, open(config)]));
  return {
    byPath,
    close: async () => {
      await Promise.all([...byPath.values()].map((upstream) => upstream.close()));
      guardian.close();
    },
  };
}
