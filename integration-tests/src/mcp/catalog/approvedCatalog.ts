// What stands in front of a server has to know what it offers: its catalog as a file, pulled as the command does it, with
// everything approved.
import { definitionKinds } from '../../../../cli/src/catalog/definitionKind.ts';
import { describeServer, type CatalogSource } from '../../../../cli/src/catalog/catalogServer.ts';
import { makeCatalog } from '../../../../cli/src/catalog/makeCatalog.ts';
import { writeCatalog } from '../../../../cli/src/catalog/writeCatalog.ts';
import { HttpTransport } from '../../../../cli/src/mcp/httpTransport.ts';
import { StdioTransport } from '../../../../cli/src/mcp/stdioTransport.ts';
import { pullServer, type PulledServer } from '../../../../cli/src/mcp/pullServer.ts';
import type { Catalog } from '@cardea/schemas/mcp';

const pullMsMax = 20_000;

/** The text of the file. Rejects when there is something that no catalog can hold: it could not be approved. */
export async function approvedCatalog(serverUrl: string, id: string): Promise<string> {
  const url = new URL(serverUrl);
  const signal = AbortSignal.timeout(pullMsMax);
  const transport = new HttpTransport({ url, headers: new Headers(), signal });
  return approve(await pullServer(transport, { signal }), id, { origin: url.origin });
}

/** The same of a server that is a program and its arguments. */
export async function approvedStdioCatalog(command: readonly string[], id: string): Promise<string> {
  const signal = AbortSignal.timeout(pullMsMax);
  const transport = new StdioTransport(command, []);
  return approve(await pullServer(transport, { signal }), id, { command: 'server' });
}

function approve(pulled: PulledServer, id: string, source: CatalogSource): string {
  const stated = { id, owner: 'owners', risk: 'low', environment: 'test' };
  const server = describeServer(stated, undefined, source, pulled);
  const { catalog, leftOut } = makeCatalog(pulled, server, undefined);
  if (leftOut.length > 0) throw new Error(`left out of the catalog: ${JSON.stringify(leftOut)}`);
  return writeCatalog(approveAll(catalog));
}

function approveAll(catalog: Catalog): Catalog {
  const lists = definitionKinds.map(({ list }) => [
    list,
    catalog[list].map((definition) => ({ ...definition, review: 'approved' })),
  ]);
  return { ...catalog, ...Object.fromEntries(lists) } as Catalog;
}
