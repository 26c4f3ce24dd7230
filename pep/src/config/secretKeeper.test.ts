import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Problems, type Problem } from '../health/problems.ts';
import type { SecretSource } from './proxyConfig.ts';
import { Secret } from './secret.ts';
import { SecretKeeper } from './secretKeeper.ts';
import { timeoutsDefault, type ServerConfig } from './serverConfig.ts';

const hidden = 'hunter2';
let folder: string;
let path: string;
let problem: Problem | undefined;
let keeper: SecretKeeper;

const inFile = (): SecretSource => ({ kind: 'file', path });

async function open(source: SecretSource, prefix = 'Bearer '): Promise<ServerConfig> {
  const bare = { id: 'bare', upstream: new URL('http://127.0.0.1:1/mcp'), timeouts: timeoutsDefault };
  const desk = { ...bare, id: 'desk', credential: { header: 'authorization', prefix, source } };
  const servers = await keeper.openServers([bare, desk]);
  expect(servers.get('bare')?.credential()).toBeUndefined();
  return servers.get('desk') as ServerConfig;
}

const valueOf = (server: ServerConfig): string | undefined => server.credential()?.value.reveal();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-secrets-'));
  path = join(folder, 'secret');
  problem = undefined;
  const problems = new Problems((_, current) => (problem = current));
  keeper = new SecretKeeper({
    environment: { DESK_TOKEN: hidden, EMPTY: '' },
    now: Date.now,
    report: problems.report,
  });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a secret', () => {
  it.each([hidden, `${hidden}\n`, `${hidden}\r\n`])(
    'is the one line of its file, behind its prefix: %j',
    async (text) => {
      writeFileSync(path, text);
      expect(valueOf(await open(inFile()))).toBe(`Bearer ${hidden}`);
    },
  );

  it('may stand in the environment', async () => {
    expect(valueOf(await open({ kind: 'env', name: 'DESK_TOKEN' }, ''))).toBe(hidden);
  });

  it.each<[string, SecretSource | string]>([
    ['a variable that is not set', { kind: 'env', name: 'MISSING' }],
    ['an empty variable', { kind: 'env', name: 'EMPTY' }],
    ['an empty file', ''],
    ['two lines', `${hidden}\n${hidden}\n`],
    ['a blank around it', ` ${hidden}`],
    ['what no header can carry', `${hidden}é`],
    ['a header more', `${hidden}\r\nx-admin: yes`],
  ])('is not %s, and the fault shows nothing of it', async (_, source) => {
    if (typeof source === 'string') writeFileSync(path, source);
    const fault: unknown = await open(typeof source === 'string' ? inFile() : source).catch(
      (error: unknown) => error,
    );
    expect(fault).toMatchObject({ name: 'SecretFault' });
    expect(inspect(fault)).not.toContain(hidden);
  });

  it('is not a file that is not there', async () => {
    await expect(open(inFile())).rejects.toThrow(`the secret in ${path} cannot be read: ENOENT`);
  });

  it('shows nothing of itself', () => {
    const secret = new Secret(hidden);
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true, depth: 9 }),
      format('%o %s', secret, secret),
    ];
    expect(shown.join(' ')).not.toContain(hidden);
    expect(secret.reveal()).toBe(hidden);
  });
});

describe('SecretKeeper', () => {
  it('takes up a new secret without a restart', async () => {
    writeFileSync(path, 'one');
    const server = await open(inFile());
    writeFileSync(path, 'two');
    await keeper.poll();
    expect([valueOf(server), problem]).toEqual(['Bearer two', undefined]);
  });

  it('keeps the secret from before while there is none, says so, and recovers', async () => {
    writeFileSync(path, hidden);
    const server = await open(inFile());
    writeFileSync(path, `${hidden}\nmore`);
    await keeper.poll();
    await keeper.poll();
    expect([valueOf(server), problem?.code]).toEqual([`Bearer ${hidden}`, 'credentials_unreadable']);
    expect(inspect(problem)).not.toContain(hidden);
    rmSync(path);
    await keeper.poll();
    expect(problem?.detail).toBe(`the secret in ${path} cannot be read: ENOENT`);
    writeFileSync(path, 'two');
    chmodSync(path, 0o600);
    await keeper.poll();
    expect([valueOf(server), problem]).toEqual(['Bearer two', undefined]);
  });

  it('gives the decision endpoint its token', async () => {
    writeFileSync(path, 'one');
    const origin = new URL('http://localhost');
    const endpoint = await keeper.openDecision({ origin, token: inFile() });
    expect(endpoint.token()?.reveal()).toBe('one');
    writeFileSync(path, 'two');
    await keeper.poll();
    expect(endpoint.token()?.reveal()).toBe('two');
    const socket = await keeper.openDecision({ origin, socketPath: '/run/pdp.sock' });
    expect([socket.socketPath, socket.token()]).toEqual(['/run/pdp.sock', undefined]);
  });
});
