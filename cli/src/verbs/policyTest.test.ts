import { describe, expect, it } from '@jest/globals';
import { cardea } from '../../test/cardea.ts';

describe('cardea policy test', () => {
  it('names each test and counts policies that tests satisfied', async () => {
    expect(await cardea('policy', 'test', '--policies', 'plain/policies.cedar', 'plain/tests.json')).toEqual({
      code: 0,
      err: '',
      out: `plain/tests.json
  ok    anybody reads what is public
  ok    an owner who confirms deletes
  ok    #3
  ok    nobody else does anything

4 passed, 0 failed
3 of 3 policies (100 %) were satisfied by a test
`,
    });
  });

  it('shows what was expected, what came, who decided, and what failed', async () => {
    const line = ['--policies', 'failing-forbids/policies.cedar', 'failures/expectations.json'];
    expect(await cardea('policy', 'test', ...line)).toEqual({
      code: 1,
      err: '',
      out: `failures/expectations.json
  FAIL  the wrong decision

failures/expectations.json:11:17: error[test_decision]: expected deny, got allow
 11 |     "decision": "deny",
    |                 ^^^^^^
    = permitted by "staff" (failing-forbids/policies.cedar:1:1)
    = "not-the-locked" (failing-forbids/policies.cedar:4:1) failed: entity \`Door::"front"\` does not exist

  FAIL  a misspelt reason and an error too few

failures/expectations.json:25:15: error[test_reason]: expected "staf" among the policies that decided
 25 |     "reason": ["staf"],
    |               ^
    = permitted by "staff" (failing-forbids/policies.cedar:1:1)
    = "not-the-locked" (failing-forbids/policies.cedar:4:1) failed: entity \`Door::"front"\` does not exist
    = help: did you mean "staff"?

failures/expectations.json:26:19: error[test_errors]: expected 0 errors, got 1
 26 |     "num_errors": 0
    |                   ^
    = permitted by "staff" (failing-forbids/policies.cedar:1:1)
    = "not-the-locked" (failing-forbids/policies.cedar:4:1) failed: entity \`Door::"front"\` does not exist

  FAIL  another verdict and another code of the decision service

failures/expectations.json:41:13: error[test_verdict]: expected the code "forbidden", got policy_error
 41 |     "code": "forbidden"
    |             ^^^^^^^^^^^
    = policy_error by "not-the-locked"

0 passed, 3 failed
1 of 2 policies (50 %) were satisfied by a test; by none:
  "not-the-locked" failing-forbids/policies.cedar:4:1
`,
    });
  });

  it('says of a test that is none what is wrong with it, and goes on', async () => {
    const line = ['--policies', 'plain/policies.cedar', 'failures/format.json'];
    expect(await cardea('policy', 'test', ...line)).toEqual({
      code: 1,
      err: '',
      out: `failures/format.json
  ERROR #1

failures/format.json:2:3: error[test_format]: a test is an object
 2 |   "a test",
   |   ^^^^^^^^

  ERROR many mistakes at once

failures/format.json:5:31: error[test_format]: the principal is no entity
 5 |     "request": { "principal": "User :: \\"ann\\"", "action": 7, "resource": "File::\\"a\\"" },
   |                               ^^^^^^^^^^^^^^^^^
   = help: entities are written as User::"alice"

failures/format.json:5:60: error[test_format]: "action" is a text
 5 |     "request": { "principal": "User :: \\"ann\\"", "action": 7, "resource": "File::\\"a\\"" },
   |                                                            ^

failures/format.json:5:16: error[test_format]: the key "context" is missing
 5 |     "request": { "principal": "User :: \\"ann\\"", "action": 7, "resource": "File::\\"a\\"" },
   |                ^

failures/format.json:7:17: error[test_format]: "decision" is one of "allow", "deny"
 7 |     "decision": "Allow",
   |                 ^^^^^^^

failures/format.json:8:15: error[test_format]: "reason" is a list of texts
 8 |     "reason": "policy0",
   |               ^^^^^^^^^

failures/format.json:9:19: error[test_format]: "num_errors" is a number of errors, from 0
 9 |     "num_errors": -1
   |                   ^^

  ERROR a value that Cedar has no type for

failures/format.json:17:18: error[test_refused]: while parsing context, found a \`null\`; JSON \`null\`s are not allowed in Cedar
 17 |       "context": { "n": null }
    |                  ^

  ok    a key that looks like another

failures/format.json:36:16: warning[test_format]: the key "vredict" means nothing
 36 |     "vredict": "deny"
    |                ^^^^^^
    = help: did you mean "verdict"?

1 passed, 0 failed, 3 with errors
0 of 3 policies (0 %) were satisfied by a test; by none:
  "policy0" plain/policies.cedar:2:1
  "owners" plain/policies.cedar:4:1
  "policy2" plain/policies.cedar:8:1
`,
    });
  });

  it('points at the part of a test that Cedar or the schema refuses', async () => {
    const line = ['--policies', 'photos', '--schema', 'photos/schema.cedarschema', 'failures/refused.json'];
    expect(await cardea('policy', 'test', ...line)).toEqual({
      code: 1,
      err: '',
      out: `failures/refused.json
  ERROR a context that the schema does not allow

failures/refused.json:8:18: error[test_refused]: context \`{mfa: 1}\` is not valid for \`Action::"edit"\`
 8 |       "context": { "mfa": 1 }
   |                  ^

  ERROR a resource of another type

failures/refused.json:20:19: error[test_refused]: resource type \`Album\` is not valid for \`Action::"edit"\`
 20 |       "resource": "Album::\\"x\\"",
    |                   ^^^^^^^^^^^^^^
    = help: valid resource types for \`Action::"edit"\`: \`Photo\`

  ERROR an action that the schema does not have

failures/refused.json:32:17: error[test_refused]: action \`Action::"paint"\` does not exist in the supplied schema
 32 |       "action": "Action::\\"paint\\"",
    |                 ^^^^^^^^^^^^^^^^^^^

  ERROR an entity without its attributes

failures/refused.json:49:17: error[test_refused]: entity does not conform to the schema: expected entity \`User::"ann"\` to have attribute \`born\`, but it does not
 49 |     "entities": [{ "uid": { "type": "User", "id": "ann" }, "attrs": {}, "parents": [] }],
    |                 ^

  ERROR an entity twice

failures/refused.json:62:17: error[test_refused]: duplicate entity entry \`Group::"a"\`
 62 |     "entities": [
    |                 ^

  ERROR an entity in the form of a text

failures/refused.json:78:17: error[test_refused]: error during entity deserialization: in uid field of <unknown entity>, expected a literal entity reference, but got \`"User::\\"ann\\""\`
 78 |     "entities": [{ "uid": "User::\\"ann\\"", "attrs": {}, "parents": [] }],
    |                 ^
    = help: literal entity references can be made with \`{ "type": "SomeType", "id": "SomeId" }\`

  ERROR entities that are none

failures/refused.json:91:17: error[test_refused]: error during entity deserialization: invalid type: integer \`7\`, expected a sequence
 91 |     "entities": 7,
    |                 ^

0 passed, 0 failed, 7 with errors
0 of 4 policies (0 %) were satisfied by a test; by none:
  "owners-change" photos/policies/owners.cedar:1:1
  "deleting-needs-mfa" photos/policies/owners.cedar:5:1
  "friends-view" photos/policies/viewers.cedar:1:1
  "home-only" photos/policies/viewers.cedar:4:1
`,
    });
  });

  it('runs no test against policies that do not validate', async () => {
    const line = [
      '--policies',
      'broken/types.cedar',
      '--schema',
      'photos/schema.cedarschema',
      'photos/tests.json',
    ];
    const { code, out } = await cardea('policy', 'test', ...line);
    expect(code).toBe(1);
    expect(out).toMatch(/^broken\/types\.cedar:3:8: error\[policy_invalid\][^]*\nno test was run\n$/);
  });

  it('fails when coverage is below --coverage-min', async () => {
    const line = [
      '--policies',
      'templates/policies.cedar',
      '-k',
      'templates/links.json',
      'templates/tests.json',
    ];
    expect((await cardea('policy', 'test', ...line, '--coverage-min', '75')).code).toBe(0);
    expect((await cardea('policy', 'test', ...line, '--coverage-min', '76')).code).toBe(1);
  });

  it('prints one JSON object with --json', async () => {
    const line = ['--json', '--policies', 'failing-forbids', 'failing-forbids/tests.json'];
    const { code, out } = await cardea('policy', 'test', ...line);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      passed: 2,
      failed: 0,
      errors: 0,
      tests: [
        {
          file: 'failing-forbids/tests.json',
          index: 0,
          name: 'Cedar skips a forbid that fails, and the decision service does not',
          result: 'passed',
          decision: 'allow',
          reason: ['staff'],
          errors: [
            { policy: 'not-the-locked', message: '`Door::"front"` does not have the attribute `locked`' },
          ],
          service: {
            kind: 'deny',
            code: 'policy_error',
            reasons: [{ policy: 'not-the-locked', effect: 'forbid' }],
            dependsOn: [],
          },
          problems: [],
        },
        {
          file: 'failing-forbids/tests.json',
          index: 1,
          name: 'a locked door',
          result: 'passed',
          decision: 'deny',
          reason: ['not-the-locked'],
          errors: [],
          service: {
            kind: 'deny',
            code: 'forbidden',
            reasons: [{ policy: 'not-the-locked', effect: 'forbid' }],
            dependsOn: [],
          },
          problems: [],
        },
      ],
      coverage: { percent: 100, satisfied: ['staff', 'not-the-locked'], unsatisfied: [] },
      problems: [],
    });
  });
});
