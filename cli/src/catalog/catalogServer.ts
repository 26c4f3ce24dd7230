// The server's own entry in its catalog: what people say of it, and where the definitions came from.
import { isServerId } from '@cardea/schemas/cedar';
import { quoteExcerpt } from '@cardea/schemas/json';
import type { Catalog, CatalogServer } from '@cardea/schemas/mcp';
import { Failure } from '../frame/failure.ts';
import type { PulledServer } from '../mcp/pullServer.ts';

export interface StatedServer {
  readonly id: string | undefined;
  readonly owner: string | undefined;
  readonly risk: string | undefined;
  readonly environment: string | undefined;
}

/** Where the definitions came from. Nothing here may be a secret, so neither paths nor arguments. */
export type CatalogSource = { readonly origin: string } | { readonly command: string };

/** Without a word from people a server counts as dangerous. */
const careful = { owner: 'owners', risk: 'high', environment: 'production' } as const;

/** What is stated now comes before what the previous catalog says. Throws Failure where no id can be had. */
export function describeServer(
  stated: StatedServer,
  previous: Catalog | undefined,
  source: CatalogSource,
  pulled: PulledServer,
): CatalogServer {
  const before = previous?.server;
  const id = stated.id ?? before?.id ?? deriveId(pulled.name);
  if (!isServerId(id)) {
    const help = 'ids match [a-z][a-z0-9-]{0,62} and are no words of MCP';
    throw new Failure(`${quoteExcerpt(id)} cannot be the id of a server: choose one with --id`, help);
  }
  if (before !== undefined && before.id !== id) {
    throw new Failure(`the previous catalog is that of the server ${before.id}, not of ${id}`);
  }
  const { name, version, protocol } = pulled;
  return {
    id,
    owner: stated.owner ?? before?.owner ?? careful.owner,
    risk: stated.risk ?? before?.risk ?? careful.risk,
    environment: stated.environment ?? before?.environment ?? careful.environment,
    source: { name, version, protocol, ...source },
  };
}

/** `Example Servers/Everything` to `example-servers-everything`. */
function deriveId(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
}
