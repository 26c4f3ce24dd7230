import { copyFile, link, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { cardea, collect, command, fixtures } from '../test/cardea.ts';
import { renderOverview } from './frame/help.ts';
import { verbs } from './verbs/index.ts';

/** A pipe has no columns of its own. */
const columns = 100;
const overview = renderOverview(verbs, columns);
const policyOverview = renderOverview(
  verbs.filter(({ name }) => name.startsWith('policy ')),
  columns,
);

describe('the command line', () => {
  it.each([
    { rule: 'lists the verbs', line: ['--help'], code: 0, out: overview, err: '' },
    { rule: 'lists the verbs of one kind', line: ['policy', '-h'], code: 0, out: policyOverview, err: '' },
    { rule: 'says its version', line: ['--version'], code: 0, out: '0.1.0\n', err: '' },
    { rule: 'fails without a verb', line: [], code: 1, out: '', err: overview },
    {
      rule: 'suggests a verb',
      line: ['policy', 'chekc', 'x.cedar'],
      code: 1,
      out: '',
      err: 'error: there is no verb "policy chekc"\nhelp: did you mean "policy check"?\n',
    },
    {
      rule: 'suggests an option',
      line: ['policy', 'check', '--shema', 'x'],
      code: 1,
      out: '',
      err: 'error: "cardea policy check" has no option --shema\nhelp: did you mean "--schema"?\n',
    },
    {
      rule: 'spells out what a terminal would obey',
      line: ['policy', 'check', 'nowhere\u001b[2J.cedar'],
      code: 1,
      out: '',
      err: 'error: cannot read nowhere\\u{1b}[2J.cedar: there is no such file\n',
    },
  ])('$rule', async ({ line, code, out, err }) => {
    expect(await cardea(...line)).toEqual({ code, out, err });
  });

  it('shows the options of one verb from the table that parses them', async () => {
    const { code, out } = await cardea('policy', 'fmt', '--help');
    expect(code).toBe(0);
    expect(out).toBe(`usage: cardea policy fmt FILE|DIR... [options]

Lay out policies as Cedar does.

Without --check and --write the formatted text is printed. A file is left as it is when formatting
would lose a comment or change a policy.

Exit code 1 when a file cannot be formatted, or with --check when one would change.

  FILE|DIR  policy files, or folders of *.cedar files

options:
  -c, --check           list the files that would change, and change none
  -w, --write           change the files, and list those that changed
  -l, --line-width N    columns of a line (20 to 1000, default 80)
  -i, --indent-width N  columns of an indent (0 to 16, default 2)
  -h, --help            show this page
`);
  });

  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [command, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    expect(await collect(child)).toMatchObject({ err: '' });
  });
});

describe('on a Node that cannot run TypeScript', () => {
  const old = ['--no-experimental-strip-types', command, '--version'];
  const installed = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));

  it('says so in one line when no other Node is installed', async () => {
    // The running Node is the installed one: handing over to it would never end.
    if (!existsSync(installed)) return;
    const { code, out, err } = await collect(spawn(installed, old, { stdio: ['ignore', 'pipe', 'pipe'] }));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^cardea needs Node 22\.18 or later and found v[\d.]+: .*\n$/);
  });

  it('hands over to the installed one: words, signals and exit code', async () => {
    if (!existsSync(installed)) return;
    const folder = await mkdtemp(join(tmpdir(), 'cardea-'));
    const other = join(folder, 'node');
    await link(installed, other).catch(() => copyFile(installed, other));
    const run = (...words: string[]): ReturnType<typeof collect> =>
      collect(spawn(other, [...old.slice(0, 2), ...words], { stdio: ['ignore', 'pipe', 'pipe'] }));
    expect(await run('--version')).toEqual({ code: 0, out: '0.1.0\n', err: '' });
    expect(await run('policy')).toMatchObject({ code: 1, out: '' });
    const watching = ['policy', 'test', '--watch', '--policies', 'plain', 'plain/tests.json'];
    const child = spawn(other, [...old.slice(0, 2), ...watching], {
      cwd: fixtures,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.once('data', () => child.kill('SIGTERM'));
    expect(await collect(child)).toMatchObject({ code: 0, err: '' });
    await rm(folder, { recursive: true });
  });
});
