// cardea pep stdio as a client starts it: who is taken to call, what is told to whom, and how it ends.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { approvedStdioCatalog } from '../mcp/catalog/approvedCatalog.ts';
import { cardea, waitFor } from '../processes/cardeaProcess.ts';
import { StdioPeer } from './stdioPeer.ts';
import { WrapProject } from './wrapProject.ts';

const program = fileURLToPath(new URL('../../../pep/test/stdioServer.ts', import.meta.url));
const server = [process.execPath, program];
const folder = mkdtempSync(join(tmpdir(), 'cardea-pep-stdio-'));
const me = userInfo().username;

const policies = `
@id("whatever-else") permit (principal, action, resource is Server);
@id("me") permit (principal == Person::"${me}", action in Action::"tools/call", resource)
unless { resource == Tool::"desk/environment" };
@id("support") permit (principal in Group::"support", action == Action::"desk/environment", resource);
@id("ann") permit (principal == Person::"ann", action == Action::"desk/echo", resource)
when { context.grant.id == "of-ann" };
`;

let project: WrapProject;
let peer: StdioPeer | undefined;

beforeAll(async () => {
  project = new WrapProject('desk', await approvedStdioCatalog(server, 'desk'), policies);
}, 20_000);

afterEach(async () => {
  peer?.kill('SIGKILL');
  await peer?.ended();
  peer = undefined;
});

afterAll(() => {
  project.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function wrap(
  options: readonly string[] = [],
  { habits = [] as readonly string[], environment = {} } = {},
): Promise<StdioPeer> {
  const started = new StdioPeer(project.wrap([...server, ...habits], ...options), environment);
  peer = started;
  await started.open();
  return started;
}

let lastId = 0;

async function call(started: StdioPeer, name: string, args: object = {}): Promise<string> {
  lastId += 1;
  const params = { name, arguments: args };
  const answer = await started.ask(
    lastId,
    JSON.stringify({ jsonrpc: '2.0', id: lastId, method: 'tools/call', params }),
  );
  return (
    /"data":\{"code":"(\w+)"/.exec(answer)?.[1] ?? /"text":"((?:[^"\\]|\\.)*)"/.exec(answer)?.[1] ?? answer
  );
}

const marked = (mark: string): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  });

describe('whoever calls', () => {
  it('is the user of the machine, in no group', async () => {
    const started = await wrap();
    expect([await call(started, 'echo', { text: 'hello' }), await call(started, 'environment')]).toEqual([
      'hello',
      'not_offered',
    ]);
  }, 20_000);

  it('is whom the configuration names; what it does not pass the server does not get', async () => {
    const mark = crypto.randomUUID();
    const environment = { PASSED: mark, KEPT: 'hunter2' };
    const started = await wrap(['--person', 'bob', '--group', 'support', '--env', 'PASSED'], { environment });
    const seen = await call(started, 'environment');
    expect([
      await call(started, 'echo', { text: 'x' }),
      seen.includes(mark),
      seen.includes('hunter2'),
    ]).toEqual(['not_offered', true, false]);
  }, 20_000);

  it('is whom a grant names, by the token in CARDEA_TOKEN', async () => {
    const grants = join(folder, 'grants.json');
    const grant = {
      ...{ id: 'of-ann', tokenSha256: createHash('sha256').update('hunter2').digest('hex') },
      ...{
        person: { id: 'ann', groups: [] },
        agent: { id: 'a', groups: [] },
        servers: ['desk'],
        tools: [],
        effects: ['read', 'write', 'destructive'],
      },
      ...{ issued: '2020-01-01T00:00:00Z', expires: '2100-01-01T00:00:00Z' },
    };
    writeFileSync(grants, JSON.stringify({ grants: [grant] }));
    const started = await wrap(['--grants', grants], { environment: { CARDEA_TOKEN: 'hunter2' } });
    expect([await call(started, 'echo', { text: 'x' }), await call(started, 'pid')]).toEqual([
      'x',
      'not_offered',
    ]);
    writeFileSync(grants, JSON.stringify({ grants: [] }));
    await waitFor(async () =>
      (await call(started, 'echo', { text: 'x' })) === 'unauthenticated' ? true : undefined,
    );
  }, 20_000);
});

describe('the client', () => {
  it('is told what was wrong with each line, and goes on', async () => {
    const started = await wrap();
    started.write('{broken');
    started.write(`{"jsonrpc":"2.0","id":900,"method":"x","params":{"text":"${'x'.repeat(1_100_000)}"}}`);
    const twice = await started.ask(901, '{"jsonrpc":"2.0","id":901,"method":"tools/list","method":"ping"}');
    expect(twice).toContain('duplicate_key');
    expect(await call(started, 'echo', { text: 'still' })).toBe('still');
    const codes = started.others.map((line) => /"id":null.*"code":"(\w+)"/.exec(line)?.[1]);
    expect(codes).toEqual(expect.arrayContaining(['invalid_json', 'too_large']));
  }, 20_000);

  it('hears what the server says unasked, and nothing of its noise', async () => {
    const started = await wrap([], { habits: ['noisy', 'complains'] });
    await call(started, 'change');
    await waitFor(() =>
      Promise.resolve(started.others.some((line) => line.includes('list_changed')) || undefined),
    );
    expect(started.others.join('\n')).not.toContain('Listening on');
    expect(started.err).toContain('"what":"noise"');
    expect(started.err).not.toContain('xxxx');
  }, 20_000);

  it('ends it with its input, and gets the answers that it waits for', async () => {
    const mark = crypto.randomUUID();
    const started = await wrap(['--env', 'MARK'], { environment: { MARK: mark }, habits: ['forks'] });
    const late = call(started, 'later', { ms: 500 });
    expect(await started.end()).toBe(0);
    expect(await late).toBe('late');
    await waitFor(() => Promise.resolve(marked(mark).length === 0 || undefined));
  }, 20_000);

  it('ends it with SIGTERM', async () => {
    const started = await wrap();
    started.kill('SIGTERM');
    expect(await started.ended()).toBe(0);
  }, 20_000);

  it('learns of the end of the server by ours', async () => {
    const started = await wrap();
    expect(await call(started, 'exit')).toBe('upstream_unavailable');
    expect(await started.ended()).toBe(1);
  }, 20_000);

  it('leaves nothing behind where it kills us', async () => {
    const mark = crypto.randomUUID();
    const started = await wrap(['--env', 'MARK'], {
      environment: { MARK: mark },
      habits: ['forks', 'stays', 'ignores-term'],
    });
    started.kill('SIGKILL');
    await waitFor(() => Promise.resolve(marked(mark).length === 0 || undefined));
  }, 20_000);
});

describe('the command', () => {
  it('says whom it restrains, and whom it does not', async () => {
    const { out } = await cardea(['pep', 'stdio', '--help'], { cwd: folder });
    expect(out.replaceAll(/\s+/g, ' ')).toContain('It restrains the model, not the user of the machine.');
  });

  it.each([
    ['without a server', ['--project', folder], /there is no server: -- and its command come last/],
    [
      'without anybody who decides',
      ['--', 'true'],
      /--trust and --authority are needed where there is no --project/,
    ],
    [
      'with two who decide',
      ['--project', folder, '--decision', 'http://localhost:1', '--', 'true'],
      /one of both decides/,
    ],
    [
      'with a grant and no token',
      ['--project', folder, '--grants', 'x', '--', 'true'],
      /--grants needs a token in CARDEA_TOKEN/,
    ],
    [
      'with a grant and a person',
      ['--project', folder, '--grants', 'x', '--person', 'x', '--', 'true'],
      /a grant says who calls/,
    ],
    ['with a project that is none', ['--project', folder, '--', 'true'], /cardea\.json/],
  ])('does not start %s', async (_, words, message) => {
    const { code, out, err } = await cardea(['pep', 'stdio', '--server', 'desk', ...words], { cwd: folder });
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(message)]);
  });
});
