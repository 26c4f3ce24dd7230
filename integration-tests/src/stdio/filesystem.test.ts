// The server of files from npm, governed to one folder of those that it serves: over HTTP, and wrapped for a client that
// starts it. What a path may mean to some reader is refused before the server sees it, and what is outside stays there.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approvedStdioCatalog } from '../mcp/catalog/approvedCatalog.ts';
import { Caller } from '../pep/caller.ts';
import { defaultToken, Stack } from '../pep/stack.ts';
import { StdioPeer } from './stdioPeer.ts';
import { WrapProject } from './wrapProject.ts';

const program = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-filesystem/dist/index.js',
);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cardea-files-')));
const root = join(folder, 'files');
const secret = 'the combination is 7-42-19';

const policies = `
@id("whatever-else") permit (principal, action, resource is Server);
@id("one-folder")
permit (principal, action == Action::"files/read_text_file", resource)
when { context.input.path like "${root}/allowed/*" };
`;

/** The path as JSON writes it, and what becomes of the call. */
const tricks: readonly (readonly [name: string, path: string, wanted: string])[] = [
  ['what is allowed', 'ROOT/allowed/note.txt', 'Tea at four.'],
  ['what is allowed, in escapes of JSON', 'ROOT\\u002fallowed\\/note\\u002etxt', 'Tea at four.'],
  ['what is not', 'ROOT/other/secret.txt', 'default_deny'],
  ['a sibling whose name begins the same', 'ROOT/allowed-evil/secret.txt', 'default_deny'],
  ['the folder itself', 'ROOT/allowed', 'default_deny'],
  ['the folder in capitals', 'ROOT/Allowed/secret.txt', 'default_deny'],
  ['two dots', 'ROOT/allowed/../other/secret.txt', 'invalid_argument'],
  ['two dots that come back', 'ROOT/allowed/../allowed/note.txt', 'invalid_argument'],
  ['two dots at the end', 'ROOT/allowed/..', 'invalid_argument'],
  ['two dots in escapes of JSON', 'ROOT/allowed/\\u002e\\u002E/other/secret.txt', 'invalid_argument'],
  ['one dot', 'ROOT/allowed/./note.txt', 'invalid_argument'],
  ['two slashes', 'ROOT/allowed//note.txt', 'invalid_argument'],
  ['two slashes at the start', '/ROOT/other/secret.txt', 'invalid_argument'],
  ['a slash at the end', 'ROOT/allowed/note.txt/', 'Tea at four.'],
  ['backslashes', 'ROOT/allowed\\\\..\\\\other\\\\secret.txt', 'invalid_argument'],
  ['escaped dots', 'ROOT/allowed/%2e%2e/other/secret.txt', 'invalid_argument'],
  ['an escaped slash', 'ROOT/allowed%2f..%2fother%2fsecret.txt', 'invalid_argument'],
  ['dots escaped twice', 'ROOT/allowed/%252e%252e/other/secret.txt', 'invalid_argument'],
  ['an escaped letter', 'ROOT/%61llowed/note.txt', 'invalid_argument'],
  ['an escaped NUL', 'ROOT/allowed/note.txt%00', 'invalid_argument'],
  ['a NUL', 'ROOT/other/secret.txt\\u0000/allowed/', 'invalid_argument'],
  ['a NUL behind what is allowed', 'ROOT/allowed/note.txt\\u0000', 'invalid_argument'],
  ['a line feed', 'ROOT/allowed/note.txt\\n', 'invalid_argument'],
  ['wide dots and slashes', 'ROOT/allowed/\\uff0e\\uff0e\\uff0fother/secret.txt', 'invalid_argument'],
  ['two dots in one character', 'ROOT/allowed/\\u2025/other/secret.txt', 'invalid_argument'],
  ['a slash of fractions', 'ROOT/allowed\\u2044..\\u2044other/secret.txt', 'invalid_argument'],
  ['a letter without width', 'ROOT/allo\\u200bwed/note.txt', 'invalid_argument'],
  ['a mark that turns the reading', 'ROOT/allowed/\\u202etxt.eton', 'invalid_argument'],
  ['half of a pair', 'ROOT/allowed/\\ud800.txt', 'invalid_text'],
  ['a dot behind the name', 'ROOT/allowed./note.txt', 'invalid_argument'],
  ['a space behind the name', 'ROOT/allowed /note.txt', 'invalid_argument'],
  ['from where the server stands', 'allowed/note.txt', 'default_deny'],
  ['from home', '~/allowed/note.txt', 'default_deny'],
  ['a URL', 'file://ROOT/allowed/note.txt', 'default_deny'],
  // What a link leads to only the server can know: it keeps to what it was given itself.
  ['a link that leads out of all that is served', 'ROOT/allowed/out', 'an error of the server'],
];

let stack: Stack;
let caller: Caller;
let session: Record<string, string>;
let project: WrapProject;
let peer: StdioPeer;

beforeAll(async () => {
  for (const name of ['allowed', 'allowed-evil', 'other', 'Allowed'])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['allowed-evil', 'other', 'Allowed'])
    writeFileSync(join(root, name, 'secret.txt'), secret);
  writeFileSync(join(root, 'allowed/note.txt'), 'Tea at four.');
  writeFileSync(join(folder, 'outside.txt'), secret);
  symlinkSync(join(folder, 'outside.txt'), join(root, 'allowed/out'));
  const command = [process.execPath, program, root];
  const catalog = await approvedStdioCatalog(command, 'files');
  project = new WrapProject('files', catalog, policies);
  peer = new StdioPeer(project.wrap(command));
  stack = await Stack.start({ policies, catalogs: { files: catalog }, upstreams: { files: { command } } });
  caller = new Caller(stack.url('files'), defaultToken);
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const opened = await caller.call({
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
  });
  session = {
    'mcp-session-id': String(opened.headers['mcp-session-id']),
    'mcp-protocol-version': '2025-11-25',
  };
  await peer.open();
}, 60_000);

afterAll(async () => {
  await peer.end();
  project.remove();
  caller.close();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const outcomeOf = (answer: string): string => {
  expect(answer).not.toContain(secret);
  const code = /"data":\{"code":"(\w+)"/.exec(answer)?.[1];
  if (code !== undefined) return code;
  return answer.includes('"isError":true')
    ? 'an error of the server'
    : (/"text":"([^"]*)"/.exec(answer)?.[1] ?? answer);
};

describe('a path', () => {
  it.each(tricks.map(([name, path, wanted], at) => ({ name, path, wanted, id: at + 1 })))(
    'is taken for what it is: $name, $wanted',
    async ({ path, wanted, id }) => {
      const line = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"read_text_file","arguments":{"path":"${path.replaceAll('ROOT', root)}"}}}`;
      const overHttp = await caller.call({ body: line, headers: session });
      const wrapped = await peer.ask(id, line);
      expect([outcomeOf(overHttp.text), outcomeOf(wrapped)]).toEqual([wanted, wanted]);
    },
  );
});
