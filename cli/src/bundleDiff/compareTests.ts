// The verdict of each test's request, before and after. What a test expects plays no part here: it is a request that
// somebody found worth asking about.
import type { OpenedBundle } from '@cardea/bundles/open';
import { entityKey } from '@cardea/schemas/cedar';
import { writeJson, type JsonValue } from '@cardea/schemas/json';
import { openBench, openRunner, type TestBench } from '../bundle/bundleTests.ts';
import type { BrokenTest, PolicyTest } from '../policyTests/policyTest.ts';
import type { ServiceAnswer } from '../policyTests/serviceVerdicts.ts';

export interface TestChange {
  readonly test: PolicyTest;
  /** As `showVerdict` has it. */
  readonly before: string;
  readonly after: string;
}

export interface TestComparison {
  /** Different requests that were asked. */
  readonly asked: number;
  readonly changes: readonly TestChange[];
}

/** Requests that are the same in several tests are asked once. */
export async function compareTests(
  before: OpenedBundle,
  after: OpenedBundle,
  tests: readonly (PolicyTest | BrokenTest)[],
): Promise<TestComparison> {
  const requests = new Map(
    tests.filter((test) => test.kind === 'test').map((test) => [keyOf(test), test] as const),
  );
  const old = await askAll(before, [...requests.values()]);
  const fresh = await askAll(after, [...requests.values()]);
  const changes = [...requests.values()].flatMap((test): TestChange[] => {
    const [one = '', other = ''] = [old.get(test), fresh.get(test)];
    return one === other ? [] : [{ test, before: one, after: other }];
  });
  return { asked: requests.size, changes };
}

async function askAll(bundle: OpenedBundle, tests: readonly PolicyTest[]): Promise<Map<PolicyTest, string>> {
  const bench = await openBench(bundle, '');
  const known = new Set(bundle.entities.map(({ uid }) => entityKey(uid)));
  const answers = new Map<PolicyTest, string>();
  for (const [action, group] of Map.groupBy(tests, (test) => test.action.id)) {
    const ask = openAsk(bench, action);
    for (const test of group) {
      const isOffered = bundle.schemaText !== undefined || known.has(entityKey(test.resource));
      answers.set(test, isOffered ? ask(test) : 'deny');
    }
  }
  return answers;
}

function openAsk(bench: TestBench, action: string): (test: PolicyTest) => string {
  const { service } = openRunner(bench, action);
  return (test) => (service === undefined ? '' : showVerdict(service.decide(test)));
}

/** `hold by finance`: equal for equal verdicts, whichever policies gave them. */
function showVerdict(answer: ServiceAnswer): string {
  switch (answer.kind) {
    case 'allow':
    case 'deny':
      return answer.kind;
    case 'hold':
      return `hold by ${answer.approvers.join(', ')}`;
    case 'needs':
      return `needs ${answer.families.join(', ')}`;
    case 'incomparable':
      return `no request: ${answer.reason}`;
  }
}

function keyOf({ principal, action, resource, context, entities, approved, supplied }: PolicyTest): string {
  const parts = { principal, action, resource, context, entities, approved, supplied: supplied ?? null };
  return writeJson(parts as unknown as JsonValue);
}
