// The adapter for a server, by what its operator has configured.
import type { ServerConfig } from '../config/serverConfig.ts';
import { HttpUpstream } from './httpUpstream.ts';
import type { Upstream } from './upstream.ts';

export function openUpstream(config: ServerConfig): Upstream {
  return new HttpUpstream(config);
}
