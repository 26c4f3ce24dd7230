// docs/policies.md: every policy on it validates, its tests pass, and its mistake is reported as the page says.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cardea, repository } from '../processes/cardeaProcess.ts';
import { readCodeBlocks } from './codeBlocks.ts';

const blocks = readCodeBlocks(readFileSync(join(repository, 'docs/policies.md'), 'utf8'));
const textsOf = (wanted: string): string[] =>
  blocks.flatMap(({ info, text }) => (info === wanted ? [text] : []));

const folder = mkdtempSync(join(tmpdir(), 'cardea-guide-'));
const project = join(folder, 'project');

beforeAll(() => {
  cpSync(join(repository, 'examples/quickstart'), project, { recursive: true });
  rmSync(join(project, 'tests/desk.json'));
  writeFileSync(join(project, 'policies/desk.cedar'), textsOf('cedar').join('\n'));
  writeFileSync(join(project, 'tests/guide.json'), textsOf('json test').join('\n'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('its policies validate and its tests pass', async () => {
  const { code, out } = await cardea(['bundle', 'build', '.', '--json'], { cwd: project });
  const built = JSON.parse(out) as { policies: string[]; problems: unknown[]; tests: { passed: number } };
  expect(built.problems).toEqual([]);
  expect(built.policies.filter((id) => id.startsWith('guide-')).length).toBe(
    textsOf('cedar').join('').split('@id(').length - 1,
  );
  expect([code, built.tests.passed]).toEqual([0, 1]);
});

it('its policies are laid out as cardea policy fmt does', async () => {
  expect((await cardea(['policy', 'fmt', '--check', 'policies'], { cwd: project })).out).toBe('');
});

it('its mistake is reported as the page says', async () => {
  const [wrong = ''] = textsOf('cedar wrong');
  const reports = textsOf('text').filter((text) => text.includes('error['));
  writeFileSync(join(project, 'policies/typo.cedar'), wrong);
  const { code, out } = await cardea(['bundle', 'build', '.'], { cwd: project });
  rmSync(join(project, 'policies/typo.cedar'));
  expect(code).toBe(3);
  expect([out]).toEqual(reports.map((report) => `${report}\n1 error in 1 file\n`));
});
