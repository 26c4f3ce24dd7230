import { describe, expect, it } from '@jest/globals';
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import { parseTestFile, type TestFile } from './testFile.ts';

const host = new CedarHost((await loadInstalledEngine()).module);
const parse = (text: string): TestFile => parseTestFile(host, { path: 't.json', text });

describe('a file of tests', () => {
  it.each([
    ['{"tests": []}', 'test_format', 0],
    ['[', 'invalid_json', 1],
    ['[{"decision": "allow", "decision": "deny"}]', 'duplicate_key', 23],
    ['[{"n": 9223372036854775808}]', 'inexact_number', 7],
    [`${'['.repeat(101)}${']'.repeat(101)}`, 'too_deep', 100],
    ['\ufeff[]', 'invalid_text', 0],
  ])('%s is refused whole: %s', (text, code, start) => {
    const file = parse(text);
    expect(file.kind === 'problem' && [file.problem.code, file.problem.place.start]).toEqual([code, start]);
  });

  it('keeps every integer of 64 bits', () => {
    const request =
      '{"principal":"U::\\"a\\"","action":"Action::\\"b\\"","resource":"R::\\"c\\"","context":{"n":-9223372036854775808}}';
    const file = parse(
      `[{"request":${request},"entities":[],"decision":"allow","reason":[],"num_errors":0}]`,
    );
    const [test] = file.kind === 'tests' ? file.tests : [];
    expect(test?.kind === 'test' && test.context).toEqual({ n: -(2n ** 63n) });
  });

  it('ignores keys that mean nothing, as the cedar command does', () => {
    const file = parse('[{"comment": "x"}]');
    const [test] = file.kind === 'tests' ? file.tests : [];
    expect(test?.kind === 'broken' && test.problems.every(({ severity }) => severity === 'error')).toBe(true);
  });
});
