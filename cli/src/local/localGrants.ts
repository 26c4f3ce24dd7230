// The grants of a local proxy: two people of the example, each with a token. They are made once and can be edited; with
// each start they are issued anew, as by people who sign in.
import { existsSync, readFileSync } from 'node:fs';
import { JsonRefusal } from '@cardea/schemas/json';
import { grantsSchema, readWire, readWireDocument, type WireGrant } from '@cardea/schemas/wire';
import { Failure } from '../frame/failure.ts';
import { replaceFile } from '../project/replaceFile.ts';
import { writeSecret } from '../trust/keyFile.ts';
import { sampleServer } from './sampleServer.ts';
import type { StateFolder } from './stateFolder.ts';

/** By the names of their tokens. */
const people = [
  { name: 'ann', groups: ['support'], effects: ['read', 'write'] },
  { name: 'lee', groups: ['support', 'support-leads'], effects: ['read', 'write', 'destructive'] },
] as const;

const lifetimeMs = 30 * 86_400_000;

/** The path of the file. Throws Failure for one that is there and is not right. */
export function issueGrants(state: StateFolder, now: number): string {
  const path = state.path('grants.json');
  const issued = new Date(now).toISOString();
  const expires = new Date(now + lifetimeMs).toISOString();
  if (!existsSync(path)) {
    writeSecret(path, write(people.map((person) => makeGrant(state, person, { issued, expires }))));
    return path;
  }
  const ours = new Set(people.map(({ name }) => grantId(name)));
  const renew = (grant: WireGrant): WireGrant => (ours.has(grant.id) ? { ...grant, issued, expires } : grant);
  replaceFile(path, write(readGrants(path).map(renew)));
  return path;
}

function makeGrant(
  state: StateFolder,
  { name, groups, effects }: (typeof people)[number],
  times: { readonly issued: string; readonly expires: string },
): WireGrant {
  return {
    id: grantId(name),
    tokenSha256: state.tokenDigest(name),
    person: { id: name, groups: [...groups] },
    agent: { id: 'assistant', groups: [] },
    servers: [sampleServer],
    tools: [],
    effects: [...effects],
    ...times,
  };
}

function grantId(name: string): string {
  return `local-${name}`;
}

function readGrants(path: string): readonly WireGrant[] {
  try {
    return readWireDocument(readFileSync(path), (value) => readWire(grantsSchema, value)).grants;
  } catch (refusal) {
    if (!(refusal instanceof JsonRefusal)) throw refusal;
    throw new Failure(`${path}:${refusal.line}:${refusal.column}: ${refusal.detail}`);
  }
}

function write(grants: readonly WireGrant[]): string {
  return `${JSON.stringify({ grants }, null, 2)}\n`;
}
