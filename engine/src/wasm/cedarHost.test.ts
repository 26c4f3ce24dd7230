import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cedarModule } from '../../test/oracle.ts';
import { bindImports, type HostFunctions } from './abi.ts';
import { CedarHost } from './cedarHost.ts';
import { EngineFault } from './cedarInstance.ts';

const archived = new WebAssembly.Module(
  readFileSync(new URL('cedar_wasm_bg.wasm', import.meta.resolve('cedar-wasm-archived'))),
);
const who = { type: 'U', id: 'a' };
const request = { principal: who, action: who, resource: who, context: { n: 1 }, entities: [] };
const policies = JSON.stringify({
  staticPolicies: { p: 'permit (principal, action, resource) when { context.n == 1 };' },
});

function isAllowed(host: CedarHost): boolean {
  host.preparsePolicySet('s', policies);
  const answer = host.call('statefulIsAuthorized', JSON.stringify({ ...request, preparsedPolicySetId: 's' }));
  return answer.includes('"decision":"allow"');
}

describe('CedarHost', () => {
  it('outlives 3,000 throws, each of which leaks in the instance that threw', () => {
    const host = new CedarHost(cedarModule);
    const deep = `{"n":${'['.repeat(200)}${']'.repeat(200)}}`;
    for (let call = 0; call < 3_000; call += 1) {
      const input = JSON.stringify({ ...request, preparsedPolicySetId: 's' }).replace('{"n":1}', deep);
      expect(() => host.call('statefulIsAuthorized', input)).toThrow(EngineFault);
    }
    expect(isAllowed(host)).toBe(true);
    expect(host.generation).toBe(3_001);
  });

  it('keeps its instance when the engine only answers failure', () => {
    const host = new CedarHost(cedarModule);
    expect(host.call('policyToJson', '"nonsense"')).toContain('failure');
    expect(host.generation).toBe(1);
  });

  it('says which engine it runs', () => {
    expect(new CedarHost(cedarModule).version).toBe('4.13.0');
    expect(new CedarHost(archived).version).toBe('4.10.0');
  });

  it('binds an archived build by the stems of its imports', () => {
    expect(isAllowed(new CedarHost(archived))).toBe(true);
  });
});

describe('bindImports', () => {
  it('refuses a build that asks for what the table does not know', () => {
    // (module (import "env" "steal" (func)))
    const bytes = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 13, 1, 3, 101, 110, 118, 5, 115, 116, 101, 97, 108,
      0, 0,
    ];
    expect(() => bindImports(new WebAssembly.Module(new Uint8Array(bytes)), {} as HostFunctions)).toThrow(
      '"steal"',
    );
  });
});
