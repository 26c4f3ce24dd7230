// On whose behalf a wrapped server is called: by a grant, or without a credential, as the person who runs the command. That
// person can be believed: who starts a server could as well start it without us.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { sha256Hex } from '@cardea/schemas/digest';
import type { WireGrant } from '@cardea/schemas/wire';
import type { Environment } from '../frame/environment.ts';
import { Failure } from '../frame/failure.ts';
import { writeSecret } from '../trust/keyFile.ts';

export interface IdentityOptions {
  readonly server: string;
  readonly grants: string | undefined;
  readonly person: string | undefined;
  readonly group: readonly string[];
  readonly agent: string;
  readonly environment: Environment;
  /** Of this run. */
  readonly folder: string;
}

export interface WrapIdentity {
  /** The grants file. */
  readonly grants: string;
  readonly token: string;
}

const tokenVariable = 'CARDEA_TOKEN';
const tokenBytes = 32;

/** A client keeps its servers for as long as it runs. */
const lifetimeMs = 30 * 86_400_000;

/** Throws Failure where a grants file comes without a token, or with a person. */
export function openIdentity(options: IdentityOptions): WrapIdentity {
  const { grants, person, group, environment, folder } = options;
  if (grants === undefined) return writeOwnGrant(options, join(folder, 'grants.json'));
  if (person !== undefined || group.length > 0)
    throw new Failure('a grant says who calls: --person and --group do not go with --grants');
  const token = environment[tokenVariable]?.trim() ?? '';
  if (token === '') throw new Failure(`--grants needs a token in ${tokenVariable}`);
  return { grants, token };
}

function writeOwnGrant({ server, person, group, agent }: IdentityOptions, path: string): WrapIdentity {
  const token = randomBytes(tokenBytes).toString('base64url');
  const id = person ?? userInfo().username;
  const nowMs = Date.now();
  const grant: WireGrant = {
    id: `stdio-${id}`,
    tokenSha256: sha256Hex(token),
    person: { id, groups: [...group] },
    agent: { id: agent, groups: [], owner: id },
    servers: [server],
    tools: [],
    effects: ['read', 'write', 'destructive'],
    issued: new Date(nowMs).toISOString(),
    expires: new Date(nowMs + lifetimeMs).toISOString(),
  };
  writeSecret(path, `${JSON.stringify({ grants: [grant] }, null, 2)}\n`);
  return { grants: path, token };
}
