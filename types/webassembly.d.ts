// The part of the WebAssembly API that the engine uses; the whole of it comes only with the DOM library.
declare namespace WebAssembly {
  type ImportDescriptor = { module: string; name: string; kind: string };
  type ExportDescriptor = { name: string; kind: string };
  class Module {
    constructor(bytes: Uint8Array);
    static imports(module: Module): ImportDescriptor[];
    static exports(module: Module): ExportDescriptor[];
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Table {
    grow(delta: number): number;
    set(index: number, value: unknown): void;
    get(index: number): unknown;
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
