import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { cardea } from './cardea.ts';

const project = fileURLToPath(new URL('../../examples/quickstart', import.meta.url));

describe('the quickstart', () => {
  it('makes a bundle, and each of its policies is satisfied by a test', async () => {
    const { code, out } = await cardea('bundle', 'build', project);
    expect(out).toMatch(/13 tests passed; 9 of 9 policies \(100 %\) were satisfied by one\n$/);
    expect(code).toBe(0);
  });

  it('has policies in the layout that policy fmt gives them', async () => {
    expect((await cardea('policy', 'fmt', '--check', join(project, 'policies'))).out).toBe('');
  });

  it.each([
    ['allowed.json', 'allow', 'allowed'],
    ['denied.json', 'deny', 'forbidden'],
    ['held.json', 'hold', 'held'],
  ])('shows a request for each verdict: %s', async (name, verdict, code) => {
    const request = join(project, 'requests', name);
    const { out } = await cardea('policy', 'explain', '--project', project, '--request', request, '--json');
    expect(JSON.parse(out)).toMatchObject({ verdict, code });
  });

  it('shows no request and no call besides', () => {
    expect(readdirSync(join(project, 'requests'))).toEqual(['allowed.json', 'denied.json', 'held.json']);
    // Run by the tests of the README.
    expect(readdirSync(join(project, 'calls'))).toEqual([
      'allowed.json',
      'denied.json',
      'hidden.json',
      'list.json',
    ]);
  });
});
