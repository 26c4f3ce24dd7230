// Owns the lifecycle of instances: one in use, warmed before it serves, replaced after any throw and when its memory
// has grown past the limit. Everything else reaches the engine only through here.
import { CedarInstance, type CedarFunction, EngineFault } from './cedarInstance.ts';

/** WebAssembly memory never shrinks; an instance that grew past this is exchanged between two requests. */
const memoryBytesMax = 256 * 1024 * 1024;

/** Enough calls for the compiler's first tiers; without them the first decision takes over 100 ms. */
const warmupCalls = 64;

export class CedarHost {
  readonly #module: WebAssembly.Module;
  #instance: CedarInstance;
  #generation = 1;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
    this.#instance = new CedarInstance(module);
  }

  /** Changes whenever the instance does: what was preparsed under another generation is gone. */
  get generation(): number {
    return this.#generation;
  }

  get version(): string {
    return this.#instance.version();
  }

  /** Throws EngineFault after replacing the instance: the next call finds a fresh one. */
  call(name: CedarFunction, input: string): string {
    return this.#use((instance) => instance.call(name, input));
  }

  preparsePolicySet(id: string, policies: string): string {
    return this.#use((instance) => instance.preparsePolicySet(id, policies));
  }

  preparseSchema(name: string, schema: string): string {
    return this.#use((instance) => instance.preparseSchema(name, schema));
  }

  warm(): void {
    const policies = JSON.stringify({ staticPolicies: { warm: 'permit (principal, action, resource);' } });
    const who = { type: 'Warm', id: 'up' };
    const request = {
      principal: who,
      action: { type: 'Action', id: 'up' },
      resource: who,
      context: {},
      entities: [],
    };
    this.preparsePolicySet('warm', policies);
    const input = JSON.stringify({ ...request, preparsedPolicySetId: 'warm' });
    for (let call = 0; call < warmupCalls; call += 1) this.call('statefulIsAuthorized', input);
  }

  #use(task: (instance: CedarInstance) => string): string {
    try {
      const answer = task(this.#instance);
      if (this.#instance.memoryBytes() > memoryBytesMax) this.#replace();
      return answer;
    } catch (fault) {
      this.#replace();
      throw fault instanceof EngineFault ? fault : new EngineFault(fault);
    }
  }

  #replace(): void {
    this.#instance = new CedarInstance(this.#module);
    this.#generation += 1;
  }
}

/** Runs one task in an instance of its own, for input that may kill it: policy text before it was vetted. */
export function inDisposableHost<T>(module: WebAssembly.Module, task: (host: CedarHost) => T): T {
  return task(new CedarHost(module));
}
