// The bundle in use, seen as the servers behind the proxy. One view for each bundle: what was resolved with one is decided
// with the same.
import { Refusal } from '@cardea/schemas/codes';
import type { Authority } from '../authority/authority.ts';
import { viewCatalogs, type ServerView } from '../resolve/catalogView.ts';

export interface CatalogInUse {
  readonly bundle: string;
  readonly servers: ReadonlyMap<string, ServerView>;
}

export class Catalogs {
  readonly #authority: Pick<Authority, 'bundle' | 'freshness'>;
  #inUse: CatalogInUse | undefined;

  constructor(authority: Pick<Authority, 'bundle' | 'freshness'>) {
    this.#authority = authority;
  }

  /** Throws Refusal `not_ready` and `stale_authority`: without a statement nobody knows what is current. */
  current(): CatalogInUse {
    if (this.#authority.freshness() === 'stale') {
      throw new Refusal('stale_authority', 'the statement of what is current is too old');
    }
    const bundle = this.#authority.bundle();
    if (bundle === undefined) throw new Refusal('not_ready', 'there is no bundle yet');
    if (this.#inUse?.bundle !== bundle.digest) {
      this.#inUse = { bundle: bundle.digest, servers: viewCatalogs(bundle.catalogs) };
    }
    return this.#inUse;
  }

  /** Throws as `current`, and Refusal `not_offered` for a server that the bundle does not hold. */
  view(server: string): { readonly bundle: string; readonly view: ServerView } {
    const { bundle, servers } = this.current();
    const view = servers.get(server);
    if (view === undefined) throw new Refusal('not_offered', 'nothing of that name is offered here');
    return { bundle, view };
  }
}
