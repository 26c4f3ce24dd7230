// The decision service's verdict against the optional keys of a test.
import type { Diagnostic } from '../report/diagnostic.ts';
import type { PolicyTest } from './policyTest.ts';
import type { ServiceAnswer } from './serviceVerdicts.ts';
import type { Runner } from './testRunner.ts';

export function checkService(test: PolicyTest, { service, serviceRefusal }: Runner): Diagnostic[] {
  const { verdict, code, approvers } = test.service;
  const [first] = Object.keys(test.service);
  if (first === undefined) return [];
  const fail = (member: string, message: string, notes: readonly string[] = []): Diagnostic => ({
    severity: 'error',
    code: 'test_verdict',
    message,
    notes,
    place: test.placeOf(`/${member}`),
  });
  if (service === undefined) return [fail(first, serviceRefusal ?? 'there is no decision service to ask')];
  const answer = service.decide(test);
  if (answer.kind === 'incomparable')
    return [fail(first, `the decision service cannot be asked: ${answer.reason}`)];
  const failures: Diagnostic[] = [];
  const notes = describeAnswer(answer);
  if (verdict !== undefined && verdict !== answer.kind) {
    return [fail('verdict', `expected the verdict ${verdict}, got ${answer.kind}`, notes)];
  }
  const actualCode = answer.kind === 'deny' ? answer.code : undefined;
  if (code !== undefined && code !== actualCode) {
    failures.push(
      fail('code', `expected the code ${JSON.stringify(code)}, got ${actualCode ?? 'none'}`, notes),
    );
  }
  const actualApprovers = answer.kind === 'hold' ? answer.approvers : [];
  if (approvers !== undefined && !isSameSet(approvers, actualApprovers)) {
    failures.push(
      fail(
        'approvers',
        `expected the approvers ${showList(approvers)}, got ${showList(actualApprovers)}`,
        notes,
      ),
    );
  }
  return failures;
}

function describeAnswer(answer: Exclude<ServiceAnswer, { kind: 'incomparable' }>): string[] {
  switch (answer.kind) {
    case 'needs':
      return [`the policies read facts that were not supplied: ${showList(answer.families)}`];
    case 'deny':
      return [`${answer.code} by ${showList(answer.reasons.map(({ policy }) => policy))}`];
    case 'allow':
      return [`permitted by ${showList(answer.reasons.map(({ policy }) => policy))}`];
    case 'hold':
      return [
        `held by ${showList(answer.reasons.map(({ policy }) => policy))} for ${showList(answer.approvers)}`,
      ];
  }
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.every((name) => right.includes(name)) && right.every((name) => left.includes(name));
}

function showList(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => JSON.stringify(name)).join(', ');
}
