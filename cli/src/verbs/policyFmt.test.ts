import { chmod, copyFile, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cardea, fixtures } from '../../test/cardea.ts';

const tidy = `// What this file is about.
// The first policy.
@id("a") // its name
permit (principal, action, // in the scope
  resource)
when
{
  context.n == 9007199254740993 &&
  context.s == "// no comment; {" // in the condition
}; // behind it

forbid (
  principal == ?principal,
  action in [Action::"x", Action::"y"],
  resource
); // a template
// The last word.
`;

describe('cardea policy fmt', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cardea-'));
    file = join(folder, 'loose.cedar');
    await copyFile(join(fixtures, 'formatting', 'loose.cedar'), file);
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('prints the formatted text, with every comment and every digit', async () => {
    expect(await cardea('policy', 'fmt', file)).toEqual({ code: 0, out: tidy, err: '' });
  });

  it('lists with --check what would change, and changes nothing', async () => {
    const before = await readFile(file, 'utf8');
    expect(await cardea('policy', 'fmt', '--check', folder)).toEqual({ code: 1, out: `${file}\n`, err: '' });
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('writes with --write, keeps the permissions, and is then content', async () => {
    await chmod(file, 0o640);
    const alias = join(folder, 'alias.cedar');
    await symlink(file, alias);
    expect(await cardea('policy', 'fmt', '--write', alias)).toEqual({ code: 0, out: `${alias}\n`, err: '' });
    expect(await readFile(file, 'utf8')).toBe(tidy);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await cardea('policy', 'fmt', '--check', folder)).toEqual({ code: 0, out: '', err: '' });
  });

  it('leaves a file alone that does not parse, and still formats the others', async () => {
    const broken = join(folder, 'a-broken.cedar');
    await writeFile(broken, 'permit (principal, action, resource) when { 1 + };\n');
    const { code, out, err } = await cardea('policy', 'fmt', '--write', folder);
    expect({ code, out }).toEqual({ code: 1, out: `${file}\n` });
    expect(err).toContain('a-broken.cedar:1:49: error[policy_syntax]: unexpected token `}`');
    expect(await readFile(broken, 'utf8')).toContain('1 + }');
    expect(await readFile(file, 'utf8')).toBe(tidy);
  });

  it.each([
    ['', ''],
    ['// only words\n', '// only words\n'],
    ['permit(principal,action,resource);\r\n', 'permit (principal, action, resource);\n'],
  ])('formats %j', async (text, formatted) => {
    await writeFile(file, text);
    expect(await cardea('policy', 'fmt', file)).toEqual({ code: 0, out: formatted, err: '' });
  });

  it('refuses --check together with --write', async () => {
    expect(await cardea('policy', 'fmt', '--check', '--write', file)).toMatchObject({
      code: 1,
      err: 'error: --check and --write exclude each other\n',
    });
  });
});
