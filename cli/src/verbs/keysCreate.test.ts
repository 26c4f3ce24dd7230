import { statSync } from 'node:fs';
import { afterAll, expect, it } from '@jest/globals';
import { formatVerifierKey, parseSignerKey } from '@cardea/schemas/note';
import { BundleProjects } from '../../test/bundleProjects.ts';

const projects = new BundleProjects();
afterAll(() => {
  projects.remove();
});

const create = (name: string, out: string): ReturnType<BundleProjects['run']> =>
  projects.run('keys', 'create', name, '--out', out);

it('writes a private key for its owner alone, and prints the key to trust', async () => {
  const { code, out } = await create('acme.example/publisher', 'a.key');
  const { verifier } = parseSignerKey(projects.read('a.key'));
  expect({ code, out }).toEqual({ code: 0, out: `${formatVerifierKey(verifier)}\n` });
  expect(statSync(projects.path('a.key')).mode & 0o777).toBe(0o600);
});

it('never overwrites a file, whatever it holds', async () => {
  projects.write('b.key', 'precious');
  expect(await create('b', 'b.key')).toEqual({
    code: 1,
    out: '',
    err: 'error: b.key exists, and is not overwritten\nhelp: choose another name, or move it away\n',
  });
  expect(projects.read('b.key')).toBe('precious');
});

it.each([
  ['a name with a blank', 'a b', 'c.key', /^error: a key name has no spaces and no plus/],
  [
    'a folder that is not there',
    'a',
    'no/c.key',
    /^error: cannot write no\/c\.key: there is no such file\n$/,
  ],
])('refuses %s', async (_, name, out, message) => {
  const { code, err } = await create(name, out);
  expect(code).toBe(1);
  expect(err).toMatch(message);
});
