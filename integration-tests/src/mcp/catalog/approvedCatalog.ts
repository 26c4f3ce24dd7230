// What stands in front of a server has to know what it offers: its catalog as a file, pulled as the command does it, with
// everything approved.
import { definitionKinds } from '../../../../cli/src/catalog/definitionKind.ts';
import { describeServer } from '../../../../cli/src/catalog/catalogServer.ts';
import { makeCatalog } from '../../../../cli/src/catalog/makeCatalog.ts';
import { writeCatalog } from '../../../../cli/src/catalog/writeCatalog.ts';
import { HttpTransport } from '../../../../cli/src/mcp/httpTransport.ts';
import { pullServer } from '../../../../cli/src/mcp/pullServer.ts';
import type { Catalog } from '@cardea/schemas/mcp';

const pullMsMax = 20_000;

/** The text of the file. Rejects when there is something that no catalog can hold: it could not be approved. */
export async function approvedCatalog(serverUrl: string, id: string): Promise<string> {
  const url = new URL(serverUrl);
  const signal = AbortSignal.timeout(pullMsMax);
  const pulled = await pullServer(new HttpTransport({ url, headers: new Headers(), signal }), { signal });
  const stated = { id, owner: 'owners', risk: 'low', environment: 'test' };
  const server = describeServer(stated, undefined, { origin: url.origin }, pulled);
  const { catalog, leftOut } = makeCatalog(pulled, server, undefined);
  if (leftOut.length > 0) throw new Error(`left out of the catalog: ${JSON.stringify(leftOut)}`);
  return writeCatalog(approve(catalog));
}

function approve(catalog: Catalog): Catalog {
  const lists = definitionKinds.map(({ list }) => [
    list,
    catalog[list].map((definition) => ({ ...definition, review: 'approved' })),
  ]);
  return { ...catalog, ...Object.fromEntries(lists) } as Catalog;
}
