// What `cardea start` prints once it serves: the commands of the README, for where this service runs.
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const exampleFolder = fileURLToPath(new URL('../../../examples/quickstart', import.meta.url));

export interface Place {
  readonly address: string;
  /** The state folder, as the user named it. */
  readonly state: string;
  readonly workingDirectory: string;
}

/** The files of examples/quickstart/requests. */
const requests = [
  ['allowed', 'A small refund is allowed:'],
  ['denied', "A reply that holds a customer's card number is denied:"],
  ['held', 'A large refund waits for somebody from finance:'],
] as const;

export function showAddress({ address, state }: Place, bundle: string): string {
  return [
    `cardea decides at ${address}`,
    `by the bundle     ${bundle}`,
    `with tokens in    ${join(state, 'tokens')}`,
    `Ctrl-C ends it; what it keeps is in ${state}`,
    '',
  ].join('\n');
}

/** For the example's bundle: others have other requests. */
export function showRequests({ address, state, workingDirectory }: Place): string {
  const folder = relative(workingDirectory, join(exampleFolder, 'requests'));
  return requests
    .map(([name, caption]) => {
      const lines = [
        `curl -s ${address}/access/v1/evaluation`,
        `-H "Authorization: Bearer $(cat ${join(state, 'tokens', 'author')})"`,
        `-H 'Content-Type: application/json' -d @${join(folder, `${name}.json`)}`,
      ];
      return `\n${caption}\n\n  ${lines.join(' \\\n    ')}\n`;
    })
    .join('');
}
