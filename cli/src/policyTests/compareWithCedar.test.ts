// That the comparison can fail at all: the decision service is given other policies than Cedar.
import { describe, expect, it } from '@jest/globals';
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import { loadPolicies } from '../project/policyProject.ts';
import { compareWithCedar } from './compareWithCedar.ts';
import { FullSet, type Judgement, type Project } from './fullSet.ts';
import type { PolicyTest } from './policyTest.ts';
import { ServiceVerdicts } from './serviceVerdicts.ts';
import { parseTestFile } from './testFile.ts';

const { module } = await loadInstalledEngine();
const host = new CedarHost(module);

const permit = '@id("p") permit (principal, action, resource);';
const forbid = '@id("f") forbid (principal, action, resource);';
const hold = '@id("f") @hold("g") forbid (principal, action, resource);';
const erring = '@id("f") forbid (principal, action, resource) when { context.absent };';

function projectOf(text: string): Project {
  return { policies: loadPolicies(host, [{ path: 'p.cedar', text }]).policies, links: [] };
}

const request = { principal: 'U::"a"', action: 'Action::"b"', resource: 'R::"c"', context: {} };
const text = JSON.stringify([{ request, entities: [], decision: 'deny', reason: [], num_errors: 0 }]);

function readTest(): PolicyTest {
  const file = parseTestFile(host, { path: 't.json', text });
  const [test] = file.kind === 'tests' ? file.tests : [];
  if (test?.kind !== 'test') throw new Error('the test does not parse');
  return test;
}

/** The message of the mismatch between the service over one project and Cedar over another. */
function compare(ofService: string, ofCedar: string): string | undefined {
  const service = ServiceVerdicts.open(module, host, projectOf(ofService));
  if (!(service instanceof ServiceVerdicts)) throw new Error('the service does not take the project');
  const fullSet = new FullSet(new CedarHost(module), projectOf(ofCedar));
  const judgement = fullSet.judge(readTest()) as Judgement;
  return compareWithCedar(service, fullSet, readTest(), judgement).mismatch?.message;
}

const same = [permit, forbid, `${permit}${forbid}`, `${permit}${hold}`, hold, `${permit}${erring}`, erring];

describe('the decision service and Cedar over the full set', () => {
  it.each(same)('agree on %s', (policies) => {
    expect(compare(policies, policies)).toBeUndefined();
  });

  it.each([
    { ours: permit, cedars: `${permit}${forbid}`, actual: 'allow "p"', expected: 'deny default_deny' },
    { ours: `${permit}${forbid}`, cedars: permit, actual: 'deny forbidden "f"', expected: 'allow "p"' },
    { ours: `${permit}${erring}`, cedars: permit, actual: 'deny policy_error "f"', expected: 'allow "p"' },
    { ours: permit, cedars: permit.replace('"p"', '"q"'), actual: 'allow "p"', expected: 'allow "q"' },
    { ours: `${permit}${hold}`, cedars: hold, actual: 'hold "f"', expected: 'deny default_deny' },
  ])('an answer $actual where Cedar means another is an internal error', ({ ours, cedars, actual }) => {
    const message = compare(ours, cedars);
    expect(message).toMatch(/^internal error: the decision service answers: /);
    expect(message).toContain(actual);
  });
});
