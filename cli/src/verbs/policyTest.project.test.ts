import { mkdirSync, renameSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BundleProjects } from '../../test/bundleProjects.ts';
import { collect, follow, start } from '../../test/cardea.ts';

const projects = new BundleProjects();
afterAll(() => {
  projects.remove();
});
beforeEach(() => {
  projects.copy('desk');
});

const policies = 'desk/policies/desk.cedar';

/** `policy test` in the folder of the projects. */
function test(...words: string[]): ReturnType<BundleProjects['run']> {
  return projects.run('policy', 'test', ...words);
}

describe('cardea policy test --project', () => {
  it('names each test of the project, and counts the policies that are its own', async () => {
    const { code, out, err } = await test('--project', 'desk');
    expect(err).toBe('');
    expect(out).toMatch(/^desk\/tests\/desk\.json\n {2}ok {4}everybody may ask which tools there are\n/);
    expect(out).toContain('\n  ok    nobody uses a tool before it is reviewed\n');
    expect(out).toMatch(/\n\n13 passed, 0 failed\n9 of 9 policies \(100 %\) were satisfied by a test\n$/);
    expect(code).toBe(0);
  });

  it('finds with --json what bundle build finds', async () => {
    const { code, out } = await test('--project', 'desk', '--json');
    expect(code).toBe(0);
    const built = await projects.run('bundle', 'build', 'desk', '--json');
    expect(JSON.parse(out)).toEqual((JSON.parse(built.out) as { tests: unknown }).tests);
  });

  it('shows a test that fails at its place', async () => {
    projects.edit(policies, 'amount <= 10000', 'amount <= 1');
    const { code, out } = await test('--project', 'desk');
    expect(code).toBe(1);
    expect(out).toMatch(
      / {2}FAIL {2}small refunds go through\n\ndesk\/tests\/desk\.json:\d+:\d+: error\[test_decision\]: expected allow, got deny\n/,
    );
    expect(out).toMatch(/\n10 passed, 3 failed\n/);
  });

  it.each([
    ['policies that do not validate', [policies, 'input.amount <=', 'input.amuont <='], 'policy_invalid'],
    ['a file that is no Cedar', [policies, 'permit (', 'permitt ('], 'policy_syntax'],
    ['a project file that is none', ['desk/cardea.json', '"mcp"', '"mpc"'], 'project_invalid'],
  ])('runs nothing against %s', async (_, [file = '', from = '', to = ''], problem) => {
    projects.edit(file, from, to);
    const { code, out } = await test('--project', 'desk');
    expect(code).toBe(1);
    expect(out).toContain(`error[${problem}]`);
    expect(out).toMatch(/\nno test was run\n$/);
    const { tests, problems } = JSON.parse((await test('--project', 'desk', '--json')).out) as {
      tests: unknown[];
      problems: unknown[];
    };
    expect([tests, problems]).toEqual([[], [expect.objectContaining({ code: problem })]]);
  });

  it('fails when coverage is below --coverage-min, and for no warning', async () => {
    const idle =
      '@id("idle") forbid (principal, action == Action::"desk/refund_order", resource) when { false };\n';
    projects.write('desk/policies/idle.cedar', idle);
    const { code, out } = await test('--project', 'desk', '--coverage-min', '90');
    expect(out).toMatch(/^desk\/policies\/idle\.cedar:1:\d+: warning\[policy_/);
    expect(out).toMatch(
      /9 of 10 policies \(90 %\).*; by none:\n {2}"idle" desk\/policies\/idle\.cedar:1:1\n$/,
    );
    expect(code).toBe(0);
    expect((await test('--project', 'desk', '--coverage-min', '91')).code).toBe(1);
    const { out: json } = await test('--project', 'desk', '--json');
    expect(JSON.parse(json)).toMatchObject({ failed: 0, problems: [{ severity: 'warning' }] });
  });

  it('works where the project brings a schema of its own', async () => {
    const project = { organisation: 'example', profile: 'plain' };
    for (const folder of ['plain', 'plain/policies', 'plain/tests']) mkdirSync(projects.path(folder));
    projects.write('plain/cardea.json', JSON.stringify(project));
    projects.write(
      'plain/schema.cedarschema',
      'entity User; action read appliesTo { principal: User, resource: User };',
    );
    projects.write('plain/entities.json', '[]');
    projects.write(
      'plain/policies/self.cedar',
      '@id("self") permit (principal, action, resource) when { principal == resource };',
    );
    const request = { principal: 'User::"a"', action: 'Action::"read"', resource: 'User::"a"', context: {} };
    const expected = { decision: 'allow', reason: ['self'], num_errors: 0, verdict: 'allow' };
    projects.write(
      'plain/tests/self.json',
      JSON.stringify([{ name: 'self', request, entities: [], ...expected }]),
    );
    expect(await test('--project', 'plain')).toMatchObject({
      code: 0,
      out: 'plain/tests/self.json\n  ok    self\n\n1 passed, 0 failed\n1 of 1 policies (100 %) were satisfied by a test\n',
    });
  });

  it.each([
    [['--policies', policies], '--project and --policies exclude each other'],
    [['--schema', 'x'], '--project and --schema exclude each other'],
    [['--template-linked', 'x'], '--project and --template-linked exclude each other'],
    [['desk/tests'], '--project and TESTS exclude each other'],
    [['--watch', '--policies', policies, 'desk/tests'], '--project and --policies exclude each other'],
  ])('refuses %j beside it', async (words, message) => {
    const help = 'the policies, the schema and the tests are those of the project';
    expect(await test('--project', 'desk', ...words)).toEqual({
      code: 1,
      out: '',
      err: `error: ${message}\nhelp: ${help}\n`,
    });
  });

  it.each([
    [[], '"cardea policy test" needs --project DIR, or --policies FILE|DIR and TESTS'],
    [['desk/tests'], '"cardea policy test" needs --project DIR, or --policies FILE|DIR and TESTS'],
    [['--policies', policies], '"cardea policy test" needs TESTS'],
    [['--project', 'nowhere'], 'cannot read nowhere: there is no such file'],
    [['--project', 'nowhere', '--watch'], 'cannot watch nowhere: there is no such file'],
  ])('refuses %j alone', async (words, message) => {
    const { code, out, err } = await test(...words);
    expect([code, out]).toEqual([1, '']);
    expect(err.split('\n')[0]).toBe(`error: ${message}`);
  });

  it('demands that there are tests', async () => {
    renameSync(projects.path('desk/tests'), projects.path('desk/kept'));
    const err = 'error: desk holds no tests\nhelp: put them into tests/*.json\n';
    expect(await test('--project', 'desk')).toEqual({ code: 1, out: '', err });
  });
});

describe('cardea policy test --project --watch', () => {
  it('runs again after each change, survives mistakes, and ends with the last exit code', async () => {
    const child = start(['policy', 'test', '--project', 'desk', '--watch'], projects.folder);
    try {
      const ended = collect(child);
      const shows = follow(child);
      const good = projects.read(policies);
      await shows('13 passed, 0 failed');
      projects.write(policies, good.replace('amount <= 10000', 'amount <= 1'));
      await shows('10 passed, 3 failed');
      projects.write(policies, good.replace('permit (', 'permitt ('));
      await shows('no test was run');
      projects.write(policies, good);
      await shows('13 passed, 0 failed');
      projects.edit('desk/tests/desk.json', '"decision": "allow"', '"decision": "deny"');
      await shows('12 passed, 1 failed');
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ code: 1, err: '' });
    } finally {
      child.kill('SIGKILL');
    }
  });
});
