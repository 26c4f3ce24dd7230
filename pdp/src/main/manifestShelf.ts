// Manifests of archived bundles, for whoever asks by digest: verified as those that serve are, and kept, since a digest
// names the same bytes for ever.
import { BundleRefusal, readSealedManifest, type BundleSource, type Trust } from '@cardea/bundles/open';
import type { Digest } from '@cardea/schemas/digest';

/** Each may have 8 MB. */
const keptMax = 4;

export class ManifestShelf {
  readonly #source: BundleSource;
  readonly #trust: Trust;
  /** The first is the one that was not asked for longest. */
  readonly #kept = new Map<Digest, Uint8Array>();

  constructor(source: BundleSource, trust: Trust) {
    this.#source = source;
    this.#trust = trust;
  }

  /** Undefined where the archive has none that a trusted publisher signed. */
  async read(digest: Digest): Promise<Uint8Array | undefined> {
    const bytes = this.#kept.get(digest) ?? (await this.#fetch(digest));
    if (bytes === undefined) return undefined;
    this.#kept.delete(digest);
    this.#kept.set(digest, bytes);
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > keptMax) this.#kept.delete(oldest);
    return bytes;
  }

  async #fetch(digest: Digest): Promise<Uint8Array | undefined> {
    try {
      return await readSealedManifest(this.#source, digest, this.#trust);
    } catch (fault) {
      if (fault instanceof BundleRefusal) return undefined;
      throw fault;
    }
  }
}
