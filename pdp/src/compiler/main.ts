// The compiler: a thread that turns the text of one bundle into plain data, and ends. Compiling 10,000 policies leaves
// a hundred megabytes of garbage, and text can make the engine loop; neither may happen to a thread that stays.
import { parentPort, workerData } from 'node:worker_threads';
import { compileBundle, EngineModules } from '@cardea/bundles';
import { BundleRefusal, type OpenedBundle } from '@cardea/bundles/open';
import { packBundle, type PackedBundle } from './packedBundle.ts';

export interface CompilerInput {
  /** Without the bytes of its engine, which is compiled already. */
  readonly opened: OpenedBundle;
  readonly module: WebAssembly.Module;
}

export type CompilerAnswer =
  | { readonly kind: 'compiled'; readonly packed: PackedBundle }
  | { readonly kind: 'refused'; readonly code: BundleRefusal['code']; readonly message: string };

const { opened, module } = workerData as CompilerInput;

class GivenModule extends EngineModules {
  override compile(): Promise<WebAssembly.Module> {
    return Promise.resolve(module);
  }
}

async function answer(): Promise<CompilerAnswer> {
  try {
    return { kind: 'compiled', packed: packBundle(await compileBundle(opened, new GivenModule())) };
  } catch (fault) {
    if (!(fault instanceof BundleRefusal)) throw fault;
    return { kind: 'refused', code: fault.code, message: fault.message };
  }
}

parentPort?.postMessage(await answer());
