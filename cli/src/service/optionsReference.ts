// docs/reference/options.md: the settings of services, from the tables that read them.
import { defaultServiceLimits, type ServiceLimits } from '@cardea/pdp';
import { limitTable } from '@cardea/pep';
import { showOption } from '../frame/commandLine.ts';
import { variableOf } from '../frame/environment.ts';
import { describeOption, escapeMarkdown } from '../frame/reference.ts';
import type { Verb } from '../frame/verb.ts';
import { verbs } from '../verbs/index.ts';
import { limitMeanings } from './serviceLimits.ts';

const preface = `# Options of services

This page is generated from the tables that read them: \`cli/src/verbs\`, \`pdp/src/limits.ts\` and \`pep/src/limits.ts\`.

Each option can be given on the command line or as a variable of the environment; the command line wins. An empty
variable counts as none. Several values in one variable are separated by blanks, and flags are \`true\` or \`false\`.
Secrets are never values: options name files that hold them.
`;

const limitsPreface = `## Limits of the decision service

\`cardea pdp --limit bodyBytesMax=2097152 --limit batchItemsMax=64\`, or \`CARDEA_LIMIT\` with both. Past a limit the answer
is a refusal at once: see [codes](codes.md). Each worker counts for itself, so that a service with four of them takes four
times as many requests, from one caller too. Limits that nobody needs to change stand beside the code that they bound.
`;

const proxyLimitsPreface = `## Limits of the proxy

Under \`limits\` in [pep.json](proxy.md#pepjson). Past a limit the answer is a refusal at once: see [codes](codes.md).
`;

export function renderOptionsReference(): string {
  const services = verbs.filter(({ environment }) => environment === true);
  return [
    preface,
    ...services.map(renderService),
    limitsPreface,
    renderLimits(),
    proxyLimitsPreface,
    renderProxyLimits(),
  ].join('\n');
}

function renderService({ name, options }: Verb): string {
  const rows = Object.entries(options).map(([option, declared]) => [
    `\`${showOption(option, declared)}\``,
    `\`${variableOf(option)}\``,
    escapeMarkdown(describeOption(declared)),
  ]);
  return `## cardea ${name}\n\n${renderTable(['Option', 'Variable', 'Means'], rows)}`;
}

function renderLimits(): string {
  const limits = Object.entries(defaultServiceLimits) as [keyof ServiceLimits, number][];
  const rows = limits.map(([name, value]) => [`\`${name}\``, String(value), limitMeanings[name]]);
  return renderTable(['Limit', 'Default', 'Bounds'], rows);
}

function renderProxyLimits(): string {
  const rows = Object.entries(limitTable).map(([name, limit]) => [
    `\`${name}\``,
    String(limit.default),
    limit.meaning,
  ]);
  return renderTable(['Limit', 'Default', 'Bounds'], rows);
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('');
}
