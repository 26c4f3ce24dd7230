// One instance of the Cedar engine: its own memory, its own preparsed policy sets. JSON text goes in, JSON text comes
// out. An instance is never trusted again after a throw: a throwing call leaks, and about a thousand of them kill it.
import { bindImports, type HostFunctions } from './abi.ts';

/** A throw across the boundary, whatever it was. The instance is dead for its owner from here on. */
export class EngineFault extends Error {
  constructor(cause: unknown) {
    super('the policy engine failed on this input', { cause });
    this.name = 'EngineFault';
  }
}

/** Functions that take one JSON text and answer one. */
export type CedarFunction =
  | 'checkParseEntities'
  | 'checkParsePolicySet'
  | 'checkParseSchema'
  | 'formatPolicies'
  | 'isAuthorized'
  | 'isAuthorizedPartial'
  | 'policyToJson'
  | 'policyToText'
  | 'schemaToJson'
  | 'statefulIsAuthorized'
  | 'templateToJson'
  | 'validate';

interface CedarExports extends Record<CedarFunction, (input: JsonText) => JsonText> {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_externrefs: WebAssembly.Table;
  readonly __wbindgen_start: () => void;
  readonly __wbindgen_malloc: (bytes: number, align: number) => number;
  readonly __wbindgen_free: (pointer: number, bytes: number, align: number) => void;
  readonly __wbindgen_exn_store: (index: number) => void;
  readonly __externref_table_alloc: () => number;
  readonly preparsePolicySet: (idPointer: number, idLength: number, policies: JsonText) => JsonText;
  readonly preparseSchema: (namePointer: number, nameLength: number, schema: JsonText) => JsonText;
  readonly getCedarVersion: () => [number, number];
}

/** What the engine handles as an opaque JavaScript value: the serialised text, never an object graph. */
class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class CedarInstance {
  readonly #cedar: CedarExports;
  #memory = new Uint8Array(0);

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, bindImports(module, this.#hostFunctions()));
    this.#cedar = instance.exports as unknown as CedarExports;
    this.#cedar.__wbindgen_start();
  }

  /** Throws EngineFault; the instance must then be thrown away. A `failure` in the answer is not a throw. */
  call(name: CedarFunction, input: string): string {
    try {
      return this.#cedar[name](new JsonText(input)).text;
    } catch (cause) {
      throw new EngineFault(cause);
    }
  }

  /** Parses a policy set once and keeps it under `id`, replacing what was kept there. */
  preparsePolicySet(id: string, policies: string): string {
    return this.#preparse('preparsePolicySet', id, policies);
  }

  /** The same for a schema, which authorization calls then name as `preparsedSchemaName`. */
  preparseSchema(name: string, schema: string): string {
    return this.#preparse('preparseSchema', name, schema);
  }

  version(): string {
    const [pointer, length] = this.#cedar.getCedarVersion();
    const version = this.#lift(pointer, length);
    this.#cedar.__wbindgen_free(pointer, length, 1);
    return version;
  }

  memoryBytes(): number {
    return this.#cedar.memory.buffer.byteLength;
  }

  #preparse(kind: 'preparsePolicySet' | 'preparseSchema', name: string, input: string): string {
    try {
      const [pointer, length] = this.#lower(name);
      return this.#cedar[kind](pointer, length, new JsonText(input)).text;
    } catch (cause) {
      throw new EngineFault(cause);
    }
  }

  #hostFunctions(): HostFunctions {
    return {
      isUndefined: (value) => value === undefined,
      getString: (resultPointer, value) => {
        const [pointer, length] = typeof value === 'string' ? this.#lower(value) : [0, 0];
        const view = new DataView(this.#cedar.memory.buffer);
        view.setInt32(resultPointer, pointer, true);
        view.setInt32(resultPointer + 4, length, true);
      },
      throwText: (pointer, length) => {
        throw new Error(this.#lift(pointer, length));
      },
      parse: (pointer, length) => this.#guard(() => new JsonText(this.#lift(pointer, length))),
      stringify: (value) => this.#guard(() => (value as JsonText).text),
      initTable: () => {
        const table = this.#cedar.__wbindgen_externrefs;
        const first = table.grow(4);
        table.set(0, undefined);
        [undefined, null, true, false].forEach((value, index) => {
          table.set(first + index, value);
        });
      },
    };
  }

  /** Exceptions cannot cross WebAssembly frames: they are stored and rethrown on the other side. */
  #guard(produce: () => unknown): unknown {
    try {
      return produce();
    } catch (error) {
      const index = this.#cedar.__externref_table_alloc();
      this.#cedar.__wbindgen_externrefs.set(index, error);
      this.#cedar.__wbindgen_exn_store(index);
      return undefined;
    }
  }

  #lower(text: string): [pointer: number, length: number] {
    const bytes = encoder.encode(text);
    const pointer = this.#cedar.__wbindgen_malloc(bytes.length, 1) >>> 0;
    this.#bytes().set(bytes, pointer);
    return [pointer, bytes.length];
  }

  #lift(pointer: number, length: number): string {
    const start = pointer >>> 0;
    return decoder.decode(this.#bytes().subarray(start, start + length));
  }

  #bytes(): Uint8Array {
    // Growing the memory detaches the old buffer.
    if (this.#memory.buffer !== this.#cedar.memory.buffer)
      this.#memory = new Uint8Array(this.#cedar.memory.buffer);
    return this.#memory;
  }
}
