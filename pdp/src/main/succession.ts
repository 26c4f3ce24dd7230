// Since when a bundle is no longer the one that is stated: that does not begin anew with each statement, nor with a
// bundle that comes into service too late.

/** Bundles that are remembered; what is forgotten counts as superseded since the statement in use named another. */
const rememberedMax = 64;

export class Succession {
  /** By bundle, in their order. */
  readonly #supersededMs = new Map<string, number>();
  #stated: string | undefined;
  #statedSinceMs = -Infinity;

  /** The statement of this moment names the bundle. */
  note(bundle: string, nowMs: number): void {
    if (bundle === this.#stated) return;
    if (this.#stated !== undefined) this.#supersededMs.set(this.#stated, nowMs);
    this.#supersededMs.delete(bundle);
    this.#stated = bundle;
    this.#statedSinceMs = nowMs;
    const [oldest] = this.#supersededMs.keys();
    if (oldest !== undefined && this.#supersededMs.size > rememberedMax) this.#supersededMs.delete(oldest);
  }

  /** Since when another bundle is current than the one that serves; for one that is current, since when it is. */
  supersededMs(serving: string | undefined): number {
    return this.#supersededMs.get(serving ?? '') ?? this.#statedSinceMs;
  }
}
