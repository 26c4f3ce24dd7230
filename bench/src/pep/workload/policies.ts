// What the proxy enforces in the benchmark: a company's own rules, over the arguments of a call and, for one tool, over
// how many there were; and every guardrail that ships with the product.
import { fileURLToPath } from 'node:url';
import { addGuardrails, loadInstalledEngine, pinGuardrails } from '@cardea/bundles';
import type { Workload } from '../../deployment/workload.ts';
import { permittedAmountMax } from './calls.ts';
import { countedTool, serverId, tool } from './tool.ts';

const organisation = 'bench';

export const group = 'support';

const guardrailsFolder = fileURLToPath(new URL('../../../../policies/guardrails', import.meta.url));

/** No run makes so many calls. */
const quotaPerHour = 1_000_000_000;

const policies = `
@id("everybody-connects")
permit (principal, action in [Action::"initialize", Action::"tools/list"], resource is Server);

@id("support-refunds-up-to-a-limit")
permit (
  principal in Group::"${group}",
  action in [Action::"${serverId}/${tool.name}", Action::"${serverId}/${countedTool.name}"],
  resource
)
when { context.input.amount <= ${permittedAmountMax} };

@id("refunds-within-a-quota")
forbid (principal, action == Action::"${serverId}/${countedTool.name}", resource)
when { context.usage.hour > ${quotaPerHour} };
`;

const project = {
  organisation,
  profile: 'mcp',
  settings: { counters: [{ name: 'hour', key: 'person', windowSeconds: 3_600 }] },
};

const catalog = {
  server: { id: serverId, owner: 'platform', risk: 'low', environment: 'production' },
  tools: [tool, countedTool].map((one) => ({ ...one, effect: 'write', review: 'approved' })),
};

export async function makeWorkload(): Promise<Workload> {
  const encoder = new TextEncoder();
  const files = new Map([
    ['cardea.json', encoder.encode(JSON.stringify(project))],
    ['policies/bench.cedar', encoder.encode(policies)],
    [`catalog/${serverId}.json`, encoder.encode(JSON.stringify(catalog))],
  ]);
  return {
    organisation,
    sources: await addGuardrails({ files, tests: new Map() }, guardrailsFolder),
    guardrails: await pinGuardrails(guardrailsFolder, await loadInstalledEngine()),
    servers: [serverId],
    isValidated: false,
  };
}
