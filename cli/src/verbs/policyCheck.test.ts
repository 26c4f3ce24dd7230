import { describe, expect, it } from '@jest/globals';
import { cardea } from '../../test/cardea.ts';

describe('cardea policy check', () => {
  it('lists every syntax error of every policy at its place', async () => {
    expect(await cardea('policy', 'check', 'broken/syntax.cedar')).toEqual({
      code: 1,
      err: '',
      out: `broken/syntax.cedar:3:8: error[policy_syntax]: '=' is not a valid operator in Cedar
 3 | when { context.x = 1 };
   |        ^^^^^^^^^^^^^
   = help: try using '==' instead

broken/syntax.cedar:6:28: error[policy_syntax]: found an invalid variable in the policy scope: resurce
 6 | permit (principal, action, resurce)
   |                            ^^^^^^^
   = help: policy scopes must contain a \`principal\`, \`action\`, and \`resource\` element in that order

broken/syntax.cedar:7:8: error[policy_syntax]: \`e\` is not a valid method
 7 | when { principal.nam.e() || cntext.y };
   |        ^^^^^^^^^^^^^^^^^

broken/syntax.cedar:7:29: error[policy_syntax]: invalid member access \`cntext.y\`, \`cntext\` has no fields or methods
 7 | when { principal.nam.e() || cntext.y };
   |                             ^^^^^^^^

broken/syntax.cedar:9:14: error[policy_syntax]: duplicate annotation: @id
 9 | @id("third") @id("again")
   |              ^^^^^^^^^^^^

5 errors in 1 file
`,
    });
  });

  it.each([
    {
      file: 'ids.cedar',
      out: `broken/ids.cedar:4:1: error[id_duplicate]: the id "twice" is taken
 4 | @id("twice")
   | ^^^^^^^^^^^^
   = by the policy at broken/ids.cedar:1:1

1 error in 1 file
`,
    },
    {
      file: 'wide.cedar',
      out: `broken/wide.cedar:4:10: error[policy_syntax]: invalid token
 4 |     context.名前 == "日本" };
   |             ^^

1 error in 1 file
`,
    },
    {
      file: 'control.cedar',
      out: `broken/control.cedar:2:54: error[policy_syntax]: unexpected token \`}\`
 2 | permit (principal, action, resource) when { "\\u{1b}[2J" + };
   |                                                           ^
   = expected \`!\`, \`(\`, \`-\`, \`[\`, \`{\`, \`false\`, identifier, \`if\`, number, \`?principal\`, \`?resource\`, string literal, or \`true\`

1 error in 1 file
`,
    },
    {
      file: 'unclosed.cedar',
      out: `broken/unclosed.cedar:4:1: error[policy_syntax]: this policy has no closing semicolon
 4 | @id("does-not-end")
   | ^

1 error in 1 file
`,
    },
  ])('points at the mistake in $file', async ({ file, out }) => {
    expect(await cardea('policy', 'check', `broken/${file}`)).toEqual({ code: 1, out, err: '' });
  });

  it('warns of what looks like a mistake in a hold, and passes', async () => {
    expect(await cardea('policy', 'check', 'broken/rules.cedar')).toEqual({
      code: 0,
      err: '',
      out: `broken/rules.cedar:2:1: warning[hold_on_permit]: only a forbid can hold
 2 | @hold("finance")
   | ^^^^^

broken/rules.cedar:6:1: warning[hold_empty]: @hold names the group that approves
 6 | @hold("")
   | ^^^^^

broken/rules.cedar:10:1: warning[annotation_misspelt]: did you mean @hold?
 10 | @hodl("finance")
    | ^^^^^

3 warnings in 1 file
`,
    });
    expect((await cardea('policy', 'check', '--deny-warnings', 'broken/rules.cedar')).code).toBe(3);
  });

  it('demands with --strict what publishing demands', async () => {
    const { code, out } = await cardea('policy', 'check', '--strict', '--json', 'broken/rules.cedar');
    const { problems } = JSON.parse(out) as { problems: { severity: string; code: string; line: number }[] };
    expect(code).toBe(3);
    expect(problems.map((problem) => [problem.severity, problem.code, problem.line])).toEqual([
      ['error', 'hold_on_permit', 2],
      ['error', 'hold_empty', 6],
      ['error', 'annotation_misspelt', 10],
      ['error', 'id_missing', 13],
      ['error', 'policy_template', 16],
    ]);
  });

  it('validates beside an id that is taken', async () => {
    const { code, out } = await cardea(
      'policy',
      'check',
      '-s',
      'photos/schema.cedarschema',
      'broken/twice.cedar',
    );
    expect(out.match(/^\S+ error\[\w+\]/gm)).toEqual([
      'broken/twice.cedar:2:45: error[policy_invalid]',
      'broken/twice.cedar:4:1: error[id_duplicate]',
      'broken/twice.cedar:8:45: error[policy_invalid]',
    ]);
    expect(code).toBe(1);
  });

  it('validates against a schema, errors and warnings, with suggestions', async () => {
    const line = ['--schema', 'photos/schema.cedarschema', 'broken/types.cedar'];
    expect(await cardea('policy', 'check', ...line)).toEqual({
      code: 3,
      err: '',
      out: `broken/types.cedar:3:8: error[policy_invalid]: attribute \`ownr\` on entity type \`Photo\` not found
 3 | when { resource.ownr == principal };
   |        ^^^^^^^^^^^^^
   = help: did you mean \`owner\`?

broken/types.cedar:5:1: warning[policy_invalid]: policy is impossible: the policy expression evaluates to false for all valid requests
 5 | @id("unknown-action")
   | ^^^^^^^^^^^^^^^^^^^^^

broken/types.cedar:5:1: warning[policy_invalid]: unable to find an applicable action given the policy scope constraints
 5 | @id("unknown-action")
   | ^^^^^^^^^^^^^^^^^^^^^

broken/types.cedar:6:22: error[policy_invalid]: unrecognized entity type \`Grup\`
 6 | permit (principal in Grup::"friends", action == Action::"veiw", resource);
   |                      ^^^^
   = help: did you mean \`Group\`?

broken/types.cedar:6:49: error[policy_invalid]: unrecognized action \`Action::"veiw"\`
 6 | permit (principal in Grup::"friends", action == Action::"veiw", resource);
   |                                                 ^^^^^^^^^^^^^^
   = help: did you mean \`Action::"view"\`?

broken/types.cedar:8:1: warning[policy_invalid]: policy is impossible: the policy expression evaluates to false for all valid requests
 8 | @id("impossible")
   | ^^^^^^^^^^^^^^^^^

3 errors, 3 warnings in 1 file
`,
    });
  });

  it.each([
    ['schema.cedarschema', 'broken/schema.cedarschema:1:23: error[schema_invalid]: failed to resolve types'],
    ['syntax.cedarschema', 'broken/syntax.cedarschema:2:1: error[schema_invalid]: unexpected token `action`'],
    [
      'duplicate.cedarschema.json',
      'broken/duplicate.cedarschema.json:1:43: error[duplicate_key]: the key "actions" occurs twice',
    ],
  ])('refuses the schema %s at its mistake', async (schema, start) => {
    const { code, out } = await cardea('policy', 'check', '--schema', `broken/${schema}`, 'plain');
    expect(code).toBe(1);
    expect(out.startsWith(start)).toBe(true);
  });

  it('prints one JSON object with --json', async () => {
    const { code, out } = await cardea('policy', 'check', '--json', 'broken/wide.cedar');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      files: 1,
      policies: 0,
      problems: [
        {
          severity: 'error',
          code: 'policy_syntax',
          message: 'invalid token',
          file: 'broken/wide.cedar',
          line: 4,
          column: 10,
          endLine: 4,
          endColumn: 10,
        },
      ],
    });
  });

  it('takes a folder for the policies in it', async () => {
    const line = ['--schema', 'photos/schema.cedarschema', 'photos'];
    expect(await cardea('policy', 'check', ...line)).toEqual({
      code: 0,
      out: 'ok: 4 policies in 2 files\n',
      err: '',
    });
  });

  it('says what is not checked without a schema', async () => {
    const { code, err } = await cardea('policy', 'check', 'photos');
    expect({ code, err }).toEqual({
      code: 0,
      err: 'note: names and types are checked against a schema only: give --schema, or run bundle build on a project\n',
    });
  });
});
