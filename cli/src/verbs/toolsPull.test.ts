import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cardea, collect, start, type Ended } from '../../test/cardea.ts';
import { serveDesk } from '../mcp/fixtures/deskServer.ts';
import { serveRaw } from '../mcp/fixtures/rawServer.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const catalogFile = join(repository, 'examples/quickstart/catalog/desk.json');
const command = [process.execPath, join(repository, 'cli/src/mcp/fixtures/deskServer.ts')];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-pull-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function pullRaw(tools: string, ...words: string[]): Promise<Ended> {
  const endpoint = await serveRaw({ 'tools/list': () => `{"tools":${tools}}` });
  const ended = await cardea('tools', 'pull', endpoint.url, ...words);
  endpoint.close();
  return ended;
}

describe('cardea tools pull', () => {
  it('writes the catalog of a command, and keeps the review of the catalog before', async () => {
    const { code, out, err } = await cardea('tools', 'pull', '--previous', catalogFile, '--', ...command);
    expect(err).toBe(`desk (desk 1.4.0, MCP 2025-11-25)
  7 tools, 0 prompts, 0 resources, 0 templates
  owner support-leads, risk high, environment production
what policies cannot read:
  refund_order: metadata is an object without declared properties
`);
    expect(out).toBe(await readFile(catalogFile, 'utf8'));
    expect(code).toBe(0);
  });

  it('writes the catalog of a URL, with its headers and without writing them down', async () => {
    const desk = await serveDesk();
    const stated = ['--id', 'help-desk', '--owner', 'leads', '--risk', 'low', '--environment', 'staging'];
    const ended = await cardea('tools', 'pull', desk.url, '--header', 'X-Key: secret-key', ...stated);
    await desk.close();
    expect(ended).toMatchObject({ code: 0 });
    expect(desk.seen[0]).toMatchObject({ 'x-key': 'secret-key' });
    expect(ended.err).toContain(
      'new, to be reviewed:\n  tool assign_ticket (write)\n  tool close_account (destructive)\n',
    );
    const { server, tools } = JSON.parse(ended.out) as { server: object; tools: { review: string }[] };
    const source = {
      name: 'desk',
      version: '1.4.0',
      protocol: '2025-11-25',
      origin: new URL(desk.url).origin,
    };
    expect(server).toEqual({ id: 'help-desk', owner: 'leads', risk: 'low', environment: 'staging', source });
    expect(new Set(tools.map(({ review }) => review))).toEqual(new Set(['pending']));
    expect(ended.out + ended.err).not.toMatch(/secret-key|\/mcp/);
  });

  it('says what has changed, and what is gone', async () => {
    const text = await readFile(catalogFile, 'utf8');
    const previous = join(folder, 'desk.json');
    const older = text
      .replace('Hands a ticket', 'Gives a ticket')
      .replace('"search_tickets"', '"find_tickets"');
    await writeFile(previous, older);
    const { err } = await cardea('tools', 'pull', '--previous', previous, '--', ...command);
    expect(err).toContain(`new, to be reviewed:
  tool search_tickets (read)
changed, to be reviewed:
  tool assign_ticket (write)
withdrawn:
  tool find_tickets
`);
  });

  it('brings a catalog up to date in its own file, and never from one that the shell has emptied', async () => {
    const catalog = join(folder, 'own.json');
    const words = ['tools', 'pull', '--previous', catalog, '--out', catalog, '--', ...command];
    await writeFile(catalog, '');
    const emptied = await cardea(...words);
    expect([emptied.code, emptied.err]).toEqual([
      1,
      `error: ${catalog} is empty\nhelp: a shell empties the file behind > before anything reads it: use --out\n`,
    ]);
    const reviewed = (await readFile(catalogFile, 'utf8')).replace('"pending"', '"approved"');
    await writeFile(catalog, reviewed);
    expect(await cardea(...words)).toMatchObject({ code: 0, out: '' });
    expect(await readFile(catalog, 'utf8')).toBe(reviewed);
  });

  it('writes a first set of policies to a new file', async () => {
    const policies = join(folder, 'desk.cedar');
    const words = ['tools', 'pull', '--policies', policies, '--', ...command];
    expect((await cardea(...words)).code).toBe(0);
    expect((await cardea('policy', 'fmt', '--check', policies)).code).toBe(0);
    expect((await cardea('policy', 'check', '--strict', policies)).code).toBe(0);
    expect(await cardea(...words)).toEqual({
      code: 1,
      out: '',
      err: `error: ${policies} is there already\nhelp: policies are written to a new file only\n`,
    });
  });

  it('shows names that a terminal would obey, and obeys none', async () => {
    const name = 'a\\u001b[2J\\u202e\\nb';
    const long = 'x'.repeat(200);
    const { err, out } = await pullRaw(
      `[{"name":"${name}","inputSchema":{"properties":{"${name}":{}}}},{"name":"${long}","inputSchema":{}},{"name":"z"}]`,
    );
    expect(err).toBe(`raw (raw 1, MCP 2025-11-25)
  2 tools, 0 prompts, 0 resources, 0 templates
  owner owners, risk high, environment production
new, to be reviewed:
  tool a\\u{1b}[2J\\u{202e}\\nb (destructive)
  tool ${'x'.repeat(80)}... (destructive)
left out, and so denied:
  tool z: lacks "inputSchema"
what policies cannot read:
  a\\u{1b}[2J\\u{202e}\\nb: a\\u{1b}[2J\\u{202e}\\nb takes values of any type
  ${'x'.repeat(80)}...: input takes values of any type
`);
    expect(out).toMatch(/^[\n -~]*$/);
  });

  it('says what of a schema cannot be checked', async () => {
    const odd = '{"properties":{"p":{"type":"string","pattern":"^(?!secret)"}}}';
    const { err } = await pullRaw(
      `[{"name":"t","inputSchema":${odd}},{"name":"u","inputSchema":{"type":"x"}}]`,
    );
    expect(err).toContain(`what cannot be checked, and so denied:
  t: /properties/p has a pattern that cannot be matched in time
  u: the schema of the tool: "/type must be equal to one of the allowe..."
`);
  });

  it('lists so many and no more', async () => {
    const tools = Array.from({ length: 100 }, (_, at) => `{"name":"t${at}","inputSchema":{"properties":{}}}`);
    const { err } = await pullRaw(`[${tools.join(',')}]`);
    expect(err.match(/^ {2}tool /gm)).toHaveLength(40);
    expect(err).toContain('  and 60 more\n');
  });

  it.each<[string, string[], string]>([
    ['neither a URL nor a command', [], 'one server at a time: either a URL or -- and a command'],
    ['both', ['http://x.example', '--', 'y'], 'one server at a time: either a URL or -- and a command'],
    ['another scheme', ['file:///etc/passwd'], 'the URL has to be an http or https one'],
    ['credentials in the URL', ['https://a:secret@x.example'], 'the URL holds credentials'],
    [
      'a header that is none',
      ['http://x.example', '--header', 'secret'],
      "--header is written as 'Name: value'",
    ],
    [
      'a value that HTTP cannot carry',
      ['http://x.example', '--header', 'X: secr\u0001et'],
      '--header X: this is no header',
    ],
    [
      'a command that is not there',
      ['--', 'cardea-test-nothing'],
      'cannot run cardea-test-nothing: there is no such',
    ],
    [
      'a previous catalog that is none',
      ['--previous', 'holds/tests.json', '--', 'x'],
      'holds/tests.json is no catalog: ',
    ],
  ])('refuses %s, and repeats no secret', async (_, words, message) => {
    const { code, out, err } = await cardea('tools', 'pull', ...words);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`error: ${message}`);
    expect(err).not.toContain('secr');
  });

  it('stops at the deadline', async () => {
    const silent = await serveRaw({ 'tools/list': () => undefined });
    const ended = await cardea('tools', 'pull', silent.url, '--timeout', '1');
    silent.close();
    expect(ended).toEqual({
      code: 1,
      out: '',
      err: 'error: the server has not answered everything in 1 s\nhelp: see --timeout\n',
    });
  });

  it('stops when it is told to, and takes the command with it', async () => {
    const pidFile = join(folder, 'pid');
    const script = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
      setInterval(() => {}, 1000);`;
    const child = start(['tools', 'pull', '--', process.execPath, '-e', script]);
    const ended = collect(child);
    while (!existsSync(pidFile)) await sleep(20);
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 1, out: '', err: 'error: stopped\n' });
    expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH');
  });
});
