// Janssen's Cedarling: the same policies, with one change. It builds the principal of an unsigned request itself and
// gives it attributes but no parents, so membership is asked of an attribute instead of the hierarchy.
import { readFile } from 'node:fs/promises';
import { init, initSync } from '@janssenproject/cedarling_wasm';
import { toolCount, toolId, writeCedar, type Rule } from '../workload/policies.ts';
import type { BenchRequest } from '../workload/requests.ts';
import type { Contender } from './contender.ts';

export const cedarling: Contender = {
  name: 'cedarling',
  prepare: async (rules, requests) => {
    await (started ??= startRuntime());
    const instance = await init({
      ...settings,
      CEDARLING_POLICY_STORE_LOCAL: JSON.stringify(makeStore(rules)),
    });
    const asked = requests.map(makeRequest);
    return {
      decide: async (at) => {
        const result = await instance.authorize_unsigned(JSON.stringify(asked[at]));
        const { decision } = result;
        result.free();
        return decision;
      },
      close: () => {
        instance.free();
      },
    };
  },
};

/** Everything off that a decision could pay for beside itself. */
const settings = {
  CEDARLING_APPLICATION_NAME: 'bench',
  CEDARLING_LOG_TYPE: 'off',
  CEDARLING_LOCK: 'disabled',
  CEDARLING_JWT_SIG_VALIDATION: 'disabled',
  CEDARLING_JWT_STATUS_VALIDATION: 'disabled',
};

let started: Promise<void> | undefined;

/** The package is made for browsers, where it fetches its .wasm; here the bytes are handed to it. */
async function startRuntime(): Promise<void> {
  const entry = import.meta.resolve('@janssenproject/cedarling_wasm');
  const bytes = await readFile(new URL('cedarling_wasm_bg.wasm', entry));
  initSync({ module: new WebAssembly.Module(bytes) });
}

function makeStore(rules: readonly Rule[]): object {
  const plain = { encoding: 'none', content_type: 'cedar' };
  const policies = rules.map((rule) => {
    const policy_content = { ...plain, body: askAttribute(writeCedar(rule)) };
    return [rule.id, { description: rule.id, creation_date: '2026-01-01T00:00:00', policy_content }] as const;
  });
  return {
    cedar_version: 'v4.0.0',
    policy_stores: {
      bench: {
        name: 'bench',
        description: 'The workload of the benchmark.',
        policies: Object.fromEntries(policies),
        schema: { ...plain, body: schemaText() },
        trusted_issuers: {},
      },
    },
  };
}

function askAttribute(policy: string): string {
  return policy.replace(
    /principal in Group::("[^"]+")(.*)when \{/s,
    (_, team: string, rest: string) => `principal${rest}when { principal.groups.contains(${team}) &&`,
  );
}

function schemaText(): string {
  const actions = Array.from({ length: toolCount }, (_, at) => `"${toolId(at)}"`).join(', ');
  const context = '{ input: { amount: Long }, usage: { hour: Long } }';
  return `entity Person = { groups: Set<String> };\nentity Tool;\naction ${actions} appliesTo {
  principal: [Person], resource: [Tool], context: ${context}\n};\n`;
}

function makeRequest({ person, groups, tool, amount, hour }: BenchRequest): object {
  return {
    principal: { cedar_entity_mapping: { entity_type: 'Person', id: person }, groups },
    action: `Action::"${tool}"`,
    resource: { cedar_entity_mapping: { entity_type: 'Tool', id: tool } },
    context: { input: { amount }, usage: { hour } },
  };
}
