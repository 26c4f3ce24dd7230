// The Cedar build that npm installed, compiled.
import { readFile } from 'node:fs/promises';

export async function loadInstalledEngine(): Promise<WebAssembly.Module> {
  const entry = import.meta.resolve('@cedar-policy/cedar-wasm');
  return WebAssembly.compile(await readFile(new URL('cedar_wasm_bg.wasm', entry)));
}
