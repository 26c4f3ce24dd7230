// 200 sessions, each a process, ended in every way that there is: whatever ends them, nothing of them is left. Looked for in
// /proc by a mark in the environment, which children inherit, and by the groups that there were.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as send, type ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChildProcess } from '../../../bench/src/child/childProcess.ts';
import { Caller } from '../pep/caller.ts';
import { defaultToken } from '../pep/stack.ts';
import { waitFor } from '../processes/cardeaProcess.ts';
import type { HardProxy } from './hardProxy.ts';
import { hardServerIds } from './hardServers.ts';

const sessionsOfEach = 50;
const mark = `mark-${crypto.randomUUID()}`;
const folder = mkdtempSync(join(tmpdir(), 'cardea-left-'));

interface Found {
  readonly pid: number;
  readonly group: number;
  readonly parent: number;
}

interface Session {
  readonly url: string;
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
}

const child = ChildProcess.start<string, HardProxy>(new URL('hardProxy.ts', import.meta.url));
const callers = new Map<string, Caller>();
const groups = new Set<number>();
const streams: ClientRequest[] = [];
let proxy: HardProxy;
let sessions: Session[] = [];

function findMarked(): Found[] {
  return readdirSync('/proc').flatMap((name): Found[] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark)) return [];
      const [, parent = '0', group = '0'] = readFileSync(`/proc/${name}/stat`, 'latin1')
        .replace(/^.*\) /, '')
        .split(' ');
      return [{ pid: Number(name), parent: Number(parent), group: Number(group) }];
    } catch {
      return [];
    }
  });
}

/** Of groups that there were: those that somebody is still in. */
function findGroups(): number[] {
  return [...groups].filter((group) => {
    try {
      process.kill(-group, 0);
      return true;
    } catch {
      return false;
    }
  });
}

const leaders = (): Found[] =>
  findMarked().filter(({ pid, group, parent }) => pid === group && parent === proxy.pid);

async function open(at: number): Promise<Session> {
  const url = proxy.urls[hardServerIds[at % hardServerIds.length] ?? ''] ?? '';
  const caller = callers.get(url) ?? new Caller(url, defaultToken);
  callers.set(url, caller);
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const { headers, answer } = await caller.call({
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
  });
  const id = headers['mcp-session-id'];
  if (typeof id !== 'string') throw new Error(`no session: ${answer}`);
  return { url, caller, headers: { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' } };
}

function listen({ url, headers }: Session): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = send(
      url,
      {
        agent: new Agent(),
        headers: { ...headers, authorization: `Bearer ${defaultToken}`, accept: 'text/event-stream' },
      },
      (response) => {
        response.on('error', () => undefined).resume();
        resolve();
      },
    );
    stream.on('error', reject).end();
    streams.push(stream);
  });
}

const remain = (count: number): Promise<true> =>
  waitFor(() => Promise.resolve(leaders().length <= count ? true : undefined));

beforeAll(async () => {
  writeFileSync(join(folder, 'mark'), mark);
  writeFileSync(join(folder, 'mark.path'), '/usr/bin:/bin');
  proxy = await child.ask(join(folder, 'mark'));
  for (let at = 0; at < 4 * sessionsOfEach; at += 20) {
    const opened = await Promise.all(Array.from({ length: 20 }, (_, next) => open(at + next)));
    sessions = [...sessions, ...opened];
    // Those of the last part are to be there until the proxy goes.
    for (const session of opened) if (sessions.indexOf(session) >= 3 * sessionsOfEach) await listen(session);
  }
  for (const { group } of findMarked()) groups.add(group);
}, 60_000);

afterAll(async () => {
  for (const stream of streams) stream.on('error', () => undefined).destroy();
  for (const caller of callers.values()) caller.close();
  await child.close();
  for (const { pid } of findMarked()) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

// Each step stands on the ones before it.
describe('nothing is left', () => {
  it('of 200 sessions, which are 200 processes and what those have started', () => {
    expect(leaders().length).toBeLessThanOrEqual(4 * sessionsOfEach);
    expect(groups.size).toBeGreaterThanOrEqual(4 * sessionsOfEach);
    expect(findMarked().length).toBeGreaterThan(4 * sessionsOfEach);
  });

  it('where clients end their sessions', async () => {
    const answers = await Promise.all(
      sessions
        .slice(0, sessionsOfEach)
        .map(
          async ({ caller, headers }) =>
            (await caller.call({ method: 'DELETE', headers })).headers.connection,
        ),
    );
    expect(answers).toHaveLength(sessionsOfEach);
    await remain(3 * sessionsOfEach);
  }, 30_000);

  it('where processes are killed', async () => {
    for (const { pid } of leaders().slice(0, sessionsOfEach)) process.kill(pid, 'SIGKILL');
    await remain(2 * sessionsOfEach);
  }, 30_000);

  it('where clients are gone', async () => {
    await remain(sessionsOfEach);
  }, 30_000);

  it('where the proxy is killed', async () => {
    expect(leaders().length).toBeGreaterThan(sessionsOfEach / 2);
    process.kill(proxy.pid, 'SIGKILL');
    await waitFor(() => Promise.resolve(findMarked().length === 0 ? true : undefined));
    // Those that have ended are in their groups until somebody has asked how they did.
    await waitFor(() => Promise.resolve(findGroups().length === 0 ? true : undefined));
    expect(findMarked()).toEqual([]);
  }, 30_000);
});
