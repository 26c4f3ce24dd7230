import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BundleProjects } from '../../test/bundleProjects.ts';

const projects = new BundleProjects();
afterAll(() => {
  projects.remove();
});

describe('bundle build', () => {
  beforeEach(() => {
    projects.copy('desk');
  });

  it('names a project that holds no guardrails of its own, the same from everywhere', async () => {
    expect(existsSync(projects.path('desk/policies/guardrails'))).toBe(false);
    const { code, out } = await projects.run('bundle', 'build', 'desk');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^sha256:[0-9a-f]{64} \(\d+ policies, \d+ tools of 1 server\)\n\d+ tests passed; \d+ of \d+ policies \(\d+ %\)/,
    );
    projects.copy('elsewhere');
    expect((await projects.run('bundle', 'build', projects.path('elsewhere'))).out).toBe(out);
  });

  it('answers programs with one object', async () => {
    const { code, out } = await projects.run('bundle', 'build', 'desk', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      bundle: expect.stringMatching(/^sha256:/) as unknown,
      organisation: 'example',
      policies: expect.arrayContaining(['guardrail-session-age', 'support-reads']) as unknown,
      servers: [{ id: 'desk' }],
      problems: [],
      tests: { failed: 0, errors: 0 },
    });
  });

  it('keeps a bundle in an archive, where it is found by its name', async () => {
    const { out } = await projects.run('bundle', 'build', 'desk', '--out', 'kept');
    const [digest = ''] = out.split(' ');
    const shown = await projects.run('bundle', 'show', digest, '--archive', 'kept');
    expect(shown.code).toBe(0);
    expect(shown.out).toContain(`${digest}\norganisation  example\n`);
    expect(shown.out).toContain('\n  support-small-refunds\n');
    expect(shown.out).toMatch(/\n {2}refund_order +write, approved\n/);
    expect(existsSync(projects.path('kept/head'))).toBe(false);
    expect(await projects.run('bundle', 'show', 'desk')).toEqual(shown);
  });

  it.each([
    {
      rule: 'a misspelt argument, at its place',
      edit: ['desk/policies/desk.cedar', 'context.input.amount <= ', 'context.input.amuont <= '],
      code: 3,
      message:
        /^desk\/policies\/desk\.cedar:23:8: error\[policy_invalid\]: .*`input\.amuont`[^]*did you mean `amount`\?/,
    },
    {
      rule: 'a tool that does not exist, with the likely one',
      edit: ['desk/policies/desk.cedar', '"desk/refund_order"', '"desk/refund_ordr"'],
      code: 3,
      message: /error\[name_unknown\][^]*did you mean Action::"desk\/refund_order"\?/,
    },
    {
      rule: 'a file that is no Cedar',
      edit: ['desk/policies/desk.cedar', 'permit (', 'permitt ('],
      code: 1,
      message: /error\[policy_syntax\]/,
    },
    {
      rule: 'a project file that is none',
      edit: ['desk/cardea.json', '"mcp"', '"mpc"'],
      code: 1,
      message: /^desk\/cardea\.json:3:14: error\[project_invalid\]/,
    },
    {
      rule: 'a test that fails',
      edit: ['desk/policies/desk.cedar', 'amount <= 10000', 'amount <= 1'],
      code: 1,
      message: /FAIL {2}small refunds go through[^]*\d+ failed/,
    },
  ])('refuses $rule', async ({ edit: [file = '', from = '', to = ''], code, message }) => {
    projects.edit(file, from, to);
    const ended = await projects.run('bundle', 'build', 'desk');
    expect(ended.out).toMatch(message);
    expect(ended.code).toBe(code);
  });

  it('refuses a guardrail that somebody watered down, and says what to do', async () => {
    const shipped = new URL('../../../policies/guardrails/session.cedar', import.meta.url);
    mkdirSync(projects.path('desk/policies/guardrails'));
    copyFileSync(shipped, projects.path('desk/policies/guardrails/session.cedar'));
    expect((await projects.run('bundle', 'build', 'desk')).code).toBe(0);
    projects.edit('desk/policies/guardrails/session.cedar', '>= 12', '>= 9999');
    const { code, out } = await projects.run('bundle', 'build', 'desk');
    expect(code).toBe(3);
    const place = `session.cedar:${lineOf('desk/policies/guardrails/session.cedar', /^forbid/m)}:1`;
    expect(out).toContain(`${place}: error[guardrail_changed]: the guardrail guardrail-session-age must`);
    expect(out).toContain('leave policies/guardrails out');
  });

  it.each([
    ['nowhere', 'cannot read nowhere: there is no such file'],
    ['desk/cardea.json', 'desk/cardea.json is no folder'],
  ])('refuses %s as a project', async (folder, message) => {
    const { code, err } = await projects.run('bundle', 'build', folder);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  /** Of the first match, counted from 1. */
  function lineOf(file: string, pattern: RegExp): number {
    const text = projects.read(file);
    const at = text.search(pattern);
    if (at < 0) throw new Error(`${file} holds no ${pattern.source}`);
    return text.slice(0, at).split('\n').length;
  }
});
