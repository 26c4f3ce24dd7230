// A compiled bundle as bytes that all threads share: the supervisor holds no object of it, and each worker makes its
// own.
import { deserialize, serialize } from 'node:v8';
import type { CompiledBundle } from '@cardea/bundles';

export interface PackedBundle {
  /** Everything but the module, which is shared as it is. */
  readonly bytes: SharedArrayBuffer;
  readonly module: WebAssembly.Module;
}

export function packBundle({ module, ...rest }: CompiledBundle): PackedBundle {
  const written = serialize(rest);
  const bytes = new SharedArrayBuffer(written.length);
  new Uint8Array(bytes).set(written);
  return { bytes, module };
}

export function unpackBundle({ bytes, module }: PackedBundle): CompiledBundle {
  // The reader takes no shared memory.
  return {
    ...(deserialize(Uint8Array.from(new Uint8Array(bytes))) as Omit<CompiledBundle, 'module'>),
    module,
  };
}
