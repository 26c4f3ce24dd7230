// The workload as the sources of a bundle, for what is measured through the whole service.
import type { SourceTree } from '@cardea/bundles';
import type { Guardrails } from '@cardea/bundles/open';
import { digestOf } from '@cardea/schemas/digest';
import type { Workload } from '../../deployment/workload.ts';
import { listCatalogs } from './catalogs.ts';
import { listRules, serverIds, writeCedar } from './policies.ts';
import type { BenchRequest } from './requests.ts';

const organisation = 'bench';

const project = {
  organisation,
  profile: 'mcp',
  settings: { counters: [{ name: 'hour', key: 'person', windowSeconds: 3_600 }] },
};

/** The tests of the workload make all checks on it. */
export function makeWorkload(policyCount: number): Workload {
  return {
    organisation,
    sources: makeSources(policyCount),
    guardrails: pinGuardrail(),
    servers: serverIds,
    isValidated: true,
  };
}

export function makeSources(policyCount: number): SourceTree {
  const policies = listRules(policyCount).map(writeCedar).join('\n\n');
  const texts: [string, string][] = [
    ['cardea.json', JSON.stringify(project)],
    ['policies/workload.cedar', policies],
    ...listCatalogs().map((catalog): [string, string] => {
      const { server, tools } = catalog;
      return [`catalog/${server.id}.json`, JSON.stringify({ server, tools })];
    }),
  ];
  const encoder = new TextEncoder();
  return { files: new Map(texts.map(([path, text]) => [path, encoder.encode(text)])), tests: new Map() };
}

/** A service refuses to run without a pinned guardrail: the last of the unconditional policies is one. */
export function pinGuardrail(): Guardrails {
  const rule = listRules(0).at(-1);
  if (rule === undefined) throw new Error('the workload has unconditional policies');
  return new Map([[rule.id, digestOf(writeCedar(rule))]]);
}

/** The body of `POST /access/v1/evaluation`, with every fact that a proxy states about a call. */
export function writeEvaluation({ person, groups, tool, amount, hour }: BenchRequest): string {
  return JSON.stringify({
    subject: { type: 'Person', id: person, properties: { groups } },
    action: { name: 'tools/call' },
    resource: { type: 'Tool', id: tool },
    context: { input: { amount }, usage: { hour } },
  });
}
