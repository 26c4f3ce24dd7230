// What `cardea start` prints once it serves: where, how to connect a client, and the commands of the README.
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Published } from './publishLocally.ts';
import { sampleServer } from './sampleServer.ts';

export const exampleFolder = fileURLToPath(new URL('../../../examples/quickstart', import.meta.url));

export interface Place {
  /** The decision service. */
  readonly decision: string;
  /** The sample server behind the proxy. */
  readonly sample: string | undefined;
  /** The state folder, as the user named it. */
  readonly state: string;
}

export function showWhatToTry(place: Place, { head, isExample }: Published): string {
  const { sample } = place;
  const parts = [showAddresses(place, head.bundle)];
  if (sample !== undefined) {
    parts.push(showClients(sample, place));
    if (isExample) parts.push(...calls.map((call) => showCall(sample, place, call)));
  }
  if (isExample) parts.push(...requests.map(([name, caption]) => showRequest(place, name, caption)));
  return parts.join('\n');
}

function showAddresses({ decision, sample, state }: Place, bundle: string): string {
  return [
    ...(sample === undefined ? [] : [`cardea stands before ${sample}`]),
    `cardea decides at ${decision}`,
    `by the bundle     ${bundle}`,
    `with tokens in    ${join(state, 'tokens')}`,
    `Ctrl-C ends it; what it keeps is in ${state}`,
    '',
  ].join('\n');
}

/** As each client is told of a server with a bearer token. */
function showClients(sample: string, { state }: Place): string {
  const token = `$(cat ${join(state, 'tokens', 'ann')})`;
  const entry = (value: string): string =>
    `"${sampleServer}":{"url":"${sample}","headers":{"Authorization":"Bearer ${value}"}}`;
  const code = `{\\"name\\":\\"${sampleServer}\\",\\"type\\":\\"http\\",\\"url\\":\\"${sample}\\",\\"headers\\":{\\"Authorization\\":\\"Bearer ${token}\\"}}`;
  return [
    'Connect an agent, on behalf of ann from support (lee leads it):',
    '',
    `  Claude Code  claude mcp add --transport http ${sampleServer} ${sample} --header "Authorization: Bearer ${token}"`,
    `  VS Code      code --add-mcp "${code}"`,
    `  Cursor       export CARDEA_TOKEN="${token}", and in ~/.cursor/mcp.json:`,
    `               {"mcpServers":{${entry('${env:CARDEA_TOKEN}')}}}`,
    `  Codex        export CARDEA_TOKEN="${token}", and in ~/.codex/config.toml:`,
    `               [mcp_servers.${sampleServer}]`,
    `               url = "${sample}"`,
    `               bearer_token_env_var = "CARDEA_TOKEN"`,
    '',
  ].join('\n');
}

/** The files of examples/quickstart/calls. */
const calls = [
  ['allowed', 'A refund of 12.00 is allowed, and runs:'],
  ['denied', "A reply that holds a customer's card number is denied, and does not reach the server:"],
  ['hidden', 'A tool that nobody has reviewed is not there:'],
  ['list', 'Nor is it in the list:', `| grep -o '"name":"[a-z_]*"'`],
] as const;

function showCall(sample: string, { state }: Place, [name, caption, filter]: (typeof calls)[number]): string {
  return showCurl(caption, [
    `curl -s ${sample}`,
    `-H "Authorization: Bearer $(cat ${join(state, 'tokens', 'ann')})"`,
    `-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream'`,
    `-d @${join(shownExample(), 'calls', `${name}.json`)}${filter === undefined ? '' : ` ${filter}`}`,
  ]);
}

/** The files of examples/quickstart/requests. */
const requests = [
  ['held', 'Asked directly, the decision service says that a large refund waits for finance:'],
] as const;

function showRequest({ decision, state }: Place, name: string, caption: string): string {
  return showCurl(caption, [
    `curl -s ${decision}/access/v1/evaluation`,
    `-H "Authorization: Bearer $(cat ${join(state, 'tokens', 'author')})"`,
    `-H 'Content-Type: application/json' -d @${join(shownExample(), 'requests', `${name}.json`)}`,
  ]);
}

function showCurl(caption: string, lines: readonly string[]): string {
  return `${caption}\n\n  ${lines.join(' \\\n    ')}\n`;
}

/** From where the user is. */
function shownExample(): string {
  return relative(process.cwd(), exampleFolder);
}
