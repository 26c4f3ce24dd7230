// The engine as bytes: what a bundle archives and what the service compiles. The npm package's own JavaScript is never
// run; only its .wasm is read.

import { readFile } from 'node:fs/promises';
import { inDisposableHost } from '@cardea/engine';
import { digestOf, type Digest } from '@cardea/schemas/digest';

export interface EngineFile {
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly version: string;
}

/** The engine that this program was installed with. Throws where it is missing. */
export async function loadInstalledEngine(): Promise<EngineFile> {
  // The package exports its JavaScript only, and keeps the .wasm beside it.
  const entry = import.meta.resolve('@cedar-policy/cedar-wasm');
  return makeEngineFile(new Uint8Array(await readFile(new URL('cedar_wasm_bg.wasm', entry))));
}

/** Throws for bytes that are no build of Cedar which this program can run. */
export async function makeEngineFile(bytes: Uint8Array): Promise<EngineFile> {
  const module = await WebAssembly.compile(bytes);
  const version = inDisposableHost(module, (host) => host.version);
  return { module, bytes, digest: digestOf(bytes), version };
}
