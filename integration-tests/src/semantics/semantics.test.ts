// The frozen meaning of `semantics: 1`, the number in every manifest: slicing, mapping and holds outside the engine.
// A replay years later has to reach these verdicts. Whoever breaks one of them has to take the next number, keep this
// one runnable, and freeze vectors for the new one beside these; the file is never written again.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { semantics } from '@cardea/bundles/open';
import {
  compilePolicy,
  Engine,
  inDisposableHost,
  type CompiledPolicy,
  type DecisionRequest,
} from '@cardea/engine';
import { Unrepresentable, type CedarEntity } from '@cardea/schemas/cedar';
import { parseStrictJson, writeJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { inputType, mapArguments } from '@cardea/schemas/mcp';

interface Vectors {
  readonly worlds: readonly {
    readonly policies: readonly string[];
    readonly entities: readonly CedarEntity[];
    readonly decisions: readonly { readonly request: DecisionRequest; readonly verdict: JsonValue }[];
  }[];
  readonly arguments: readonly {
    readonly inputSchema: JsonObject;
    readonly arguments: JsonObject;
    readonly mapped: JsonValue;
  }[];
}

const file = new URL('../../vectors/semantics-1.json', import.meta.url);
const vectors = parseStrictJson(readFileSync(file), { bytesMax: 16 * 1024 * 1024, nodesMax: 1_000_000 });
const { worlds, arguments: calls } = vectors as unknown as Vectors;
const wasmUrl = new URL('cedar_wasm_bg.wasm', import.meta.resolve('@cedar-policy/cedar-wasm'));
const module = new WebAssembly.Module(readFileSync(wasmUrl));

function compile(policies: readonly string[]): CompiledPolicy[] {
  return inDisposableHost(module, (host) =>
    policies.map((text) => {
      const result = compilePolicy(host, { text, file: 'vector.cedar', start: 0 });
      if (result.kind === 'problem') throw new Error(result.problem.message);
      return result.policy;
    }),
  );
}

/** Values without a type are written as what they are; the words of a refusal are for people, and not frozen. */
function show(value: unknown): JsonValue {
  if (value instanceof Unrepresentable) return { unrepresentable: true };
  if (Array.isArray(value)) return value.map(show);
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  const fields = Object.entries(value).filter(([name]) => name !== 'message');
  return Object.fromEntries(fields.map(([name, field]) => [name, show(field)]));
}

describe('semantics 1', () => {
  it('is what this program decides by', () => {
    expect(semantics).toBe(1);
    expect(worlds.flatMap(({ decisions }) => decisions).length).toBeGreaterThan(250);
    expect(calls.length).toBeGreaterThan(20);
  });

  it('reaches every frozen verdict', () => {
    for (const { policies, entities, decisions } of worlds) {
      const engine = new Engine({
        module,
        policies: compile(policies),
        entities,
        families: ['usage', 'agent'],
      });
      for (const { request, verdict } of decisions) {
        expect(writeJson(engine.decide(request) as unknown as JsonValue)).toBe(writeJson(verdict));
      }
    }
  });

  it('maps every frozen call', () => {
    for (const { inputSchema, arguments: args, mapped } of calls) {
      const result = mapArguments(inputType(inputSchema).type, args, { open: false });
      expect(writeJson(show(result))).toBe(writeJson(mapped));
    }
  });
});
