// A compiled bundle as bytes that all threads share: the supervisor holds no object of it, and each worker makes its
// own of what it needs.
import { deserialize, serialize } from 'node:v8';
import type { CompiledBundle } from '@cardea/bundles';
import type { PolicyStore } from '@cardea/engine';
import { entityKey } from '@cardea/schemas/cedar';
import { packPolicies, PackedPolicies, type PolicyBytes } from './packedPolicies.ts';

export interface PackedBundle {
  /** Everything but the policies and the module, which is shared as it is. */
  readonly rest: SharedArrayBuffer;
  readonly policies: PolicyBytes;
  readonly module: WebAssembly.Module;
}

export type UnpackedBundle = Omit<CompiledBundle, 'policies'> & {
  readonly policies: PolicyStore;
  /** Keys of the entities that conditions name: found once, since no worker reads all policies. */
  readonly literals: readonly string[];
};

export function packBundle({ module, policies, ...rest }: CompiledBundle): PackedBundle {
  const literals = new Set(policies.flatMap(({ uses }) => uses.literals.map(entityKey)));
  const written = serialize({ ...rest, literals: [...literals] });
  const shared = new SharedArrayBuffer(written.length);
  new Uint8Array(shared).set(written);
  return { rest: shared, policies: packPolicies(policies), module };
}

export function unpackBundle({ rest, policies, module }: PackedBundle): UnpackedBundle {
  // The reader takes no shared memory.
  const read = deserialize(Uint8Array.from(new Uint8Array(rest))) as Omit<
    UnpackedBundle,
    'module' | 'policies'
  >;
  return { ...read, policies: new PackedPolicies(policies), module };
}
