// What engines have counted, over all bundles that a worker has served.

export interface EngineCount {
  readonly sliceMisses: number;
  readonly instanceReplacements: number;
}

export class EngineCounts {
  #retired: EngineCount = { sliceMisses: 0, instanceReplacements: 0 };
  #current: { readonly counts: EngineCount } | undefined;

  /** The engine that serves from now on. */
  follow(engine: { readonly counts: EngineCount }): void {
    this.#retired = this.read();
    this.#current = engine;
  }

  read(): EngineCount {
    const current = this.#current?.counts;
    return {
      sliceMisses: this.#retired.sliceMisses + (current?.sliceMisses ?? 0),
      instanceReplacements: this.#retired.instanceReplacements + (current?.instanceReplacements ?? 0),
    };
  }
}
