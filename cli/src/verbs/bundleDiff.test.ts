import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBundle, DirectoryArchive, makeEngineFile, storeUnsigned } from '@cardea/bundles';
import { readProject } from '../bundle/bundleProject.ts';
import { BundleProjects } from '../../test/bundleProjects.ts';

const projects = new BundleProjects();
const policies = 'desk/policies/desk.cedar';

/** Of the example as it stands, in the archive `kept`. */
let digest = '';

beforeAll(async () => {
  projects.copy('old');
  const { out } = await projects.run('bundle', 'build', 'old', '--out', 'kept');
  digest = out.slice(0, 71);
});

afterAll(() => {
  projects.remove();
});

const diff = (...words: string[]): ReturnType<BundleProjects['run']> =>
  projects.run('bundle', 'diff', ...words);

/** The example with edits, against the archived one. */
async function diffEdited(
  ...edits: readonly (readonly [string, string])[]
): Promise<{ code: number | null; out: string }> {
  projects.copy('desk');
  for (const [from, to] of edits) projects.edit(policies, from, to);
  return diff(digest, 'desk', '--archive', 'kept');
}

describe('bundle diff', () => {
  it('finds no verdict that changes where a policy only has another name', async () => {
    const { code, out } = await diffEdited(['@id("support-reads")', '@id("support-looks")']);
    expect(out).toMatch(/\npolicies {2}- support-reads\n {10}\+ support-looks\n/);
    expect(out).toMatch(/\n\nno verdict changes for every group and tool, and for \d+ requests of tests\n$/);
    expect(code).toBe(0);
  });

  it.each([
    ['a person', 'permit (principal == Person::"mallory", action, resource);'],
    ['an agent', 'permit (principal, action, resource) when { context.agent == Agent::"crawler" };'],
    ['a tag', 'permit (principal, action, resource) when { principal.hasTag("x") };'],
  ])('does not call it the same where %s may do more', async (_, policy) => {
    const { code, out } = await diffEdited([
      '@id("support-reads")',
      `@id("door")\n${policy}\n\n@id("support-reads")`,
    ]);
    expect(out).toMatch(/\nverdicts may change for single people[^:]*:\n {2}door\n/);
    expect(code).toBe(2);
  });

  it('counts a condition that reads otherwise, though it may mean the same', async () => {
    const { code, out } = await diffEdited(['context.input.amount > 5000', '5000 < context.input.amount']);
    expect(out).toContain(
      '- held by finance when context.input.amount > 5000 (large-refunds-need-finance)\n',
    );
    expect(code).toBe(2);
  });

  it('shows a condition that moved, and the test whose verdict it turns', async () => {
    const { code, out } = await diffEdited(['input.amount <= 10000', 'input.amount <= 2000']);
    expect(code).toBe(2);
    expect(out).toContain(
      [
        'group    tool               before       after',
        'support  desk/refund_order  conditional  conditional',
        '    - allowed when context.input.amount <= 10000 (support-small-refunds)',
        '    + allowed when context.input.amount <= 2000 (support-small-refunds)',
        '',
      ].join('\n'),
    );
    expect(out).toMatch(/desk\.json: larger refunds wait for finance\n {4}hold by finance -> deny\n/);
    expect(out).toMatch(
      /\nverdicts change for 1 pair of group and tool \(1 by other conditions\) and \d of \d+ requests of tests\n$/,
    );
  });

  it('says in which direction access changes, for programs too', async () => {
    projects.copy('desk');
    projects.edit(
      policies,
      'principal in Group::"support",\n  action in Action::"read"',
      'principal,\n  action in Action::"read"',
    );
    projects.edit('desk/catalog/desk.json', '"name": "assign_ticket"', '"name": "hand_over_ticket"');
    projects.edit(policies, 'Action::"desk/assign_ticket"', 'Action::"desk/hand_over_ticket"');
    const { code, out } = await diff('old', 'desk', '--json');
    expect(code).toBe(2);
    const found = JSON.parse(out) as { access: { group: string | null; tool: string; direction: string }[] };
    expect(found).toMatchObject({
      verdictsChange: true,
      engineChanged: false,
      tools: { added: ['desk/hand_over_ticket'], removed: ['desk/assign_ticket'], changed: [] },
      policies: { changed: ['support-answers', 'support-reads'] },
    });
    const cells = found.access.map(
      ({ group, tool, direction }) => `${group ?? 'anyone'} ${tool} ${direction}`,
    );
    expect(cells).toEqual(
      expect.arrayContaining([
        'anyone desk/read_ticket wider',
        'support desk/assign_ticket narrower',
        'support desk/hand_over_ticket wider',
      ]),
    );
    expect(cells).not.toContain('support desk/read_ticket wider');
  });

  it('is asked about one tool alone', async () => {
    projects.copy('desk');
    projects.edit(policies, 'input.amount <= 10000', 'input.amount <= 20000');
    const words = ['old', 'desk', '--json', '--tool'];
    expect(JSON.parse((await diff(...words, 'desk/read_ticket')).out)).toMatchObject({ access: [] });
    expect(JSON.parse((await diff(...words, 'desk/refund_order')).out)).toMatchObject({
      access: [{ tool: 'desk/refund_order', direction: 'other' }],
    });
    expect(await diff(...words, 'desk/refund_ordr')).toMatchObject({
      code: 1,
      err: 'error: neither bundle has a tool "desk/refund_ordr"\nhelp: did you mean "desk/refund_order"?\n',
    });
  });

  it('fails where a side is no bundle, with the codes of a build', async () => {
    projects.copy('desk');
    projects.edit(policies, 'input.amount <= 10000', 'input.amuont <= 1');
    expect((await diff('old', 'desk')).code).toBe(3);
    expect((await diff('old', 'nowhere')).code).toBe(1);
    expect(await diff(digest, 'old')).toMatchObject({
      code: 1,
      err: 'error: a digest needs an archive to look in: --archive DIR|URL\n',
    });
    expect((await diff(`sha256:${'0'.repeat(64)}`, 'old', '--archive', 'kept')).err).toContain(
      '(bundle_incomplete)',
    );
  });

  it('runs an archived engine only where it is told to', async () => {
    const engine = await makeEngineFile(
      await readFile(new URL('cedar_wasm_bg.wasm', import.meta.resolve('cedar-wasm-archived'))),
    );
    const read = await readProject(projects.path('old'), engine);
    if (read.kind === 'problems') throw new Error('the example is a project');
    const { sources, guardrails } = read.project;
    const built = await buildBundle(sources, { engine, guardrails });
    if (built.kind === 'refused') throw new Error('the example is a bundle');
    await storeUnsigned(built.bundle, { archive: new DirectoryArchive(projects.path('kept')) });
    const words = [built.bundle.digest, 'old', '--archive', 'kept'];
    expect(await diff(...words)).toMatchObject({
      code: 1,
      err: expect.stringContaining('was made for another engine, version 4.') as unknown,
    });
    const { code, out } = await diff(...words, '--engine', engine.digest);
    expect(out).toMatch(/\nengine {4}~ another engine\n[^]*\nno verdict changes/);
    expect(code).toBe(0);
  });
});
