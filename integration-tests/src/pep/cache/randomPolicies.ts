// Policies of every kind that a verdict can be read from, drawn at random over one tool, and calls that make them differ.
import fc from 'fast-check';

export const catalog = JSON.stringify({
  server: { id: 'desk', owner: 'o', risk: 'low', environment: 'test' },
  tools: ['refund', 'note'].map((name) => ({
    name,
    review: 'approved',
    effect: 'write',
    inputSchema: {
      type: 'object',
      properties: {
        amount: { type: 'integer' },
        note: { type: 'string' },
        flag: { type: 'boolean' },
        deep: { type: 'object', properties: { x: { type: 'string' }, y: { type: 'integer' } } },
        list: { type: 'array', items: { type: 'string' } },
      },
    },
  })),
});

const conditions = [
  'context.input has amount && context.input.amount > 5',
  'context.input has amount && context.input.amount == 5',
  'context.input has note',
  'context.input has note && context.input.note == "a"',
  'context.input has note && context.input.note like "*b*"',
  'context.input has flag && context.input.flag',
  'context.input has deep',
  'context.input has deep && context.input.deep has x && context.input.deep.x == "1"',
  'context.input has deep && context.input.deep has y && context.input.deep.y < 2',
  'context.input has list && context.input.list.contains("a")',
  'context.session.ageHours >= 1',
  'context.session.ageSeconds > 1800',
  'context.request.client == "c1"',
  'context.request.time > datetime("2026-11-25T13:00:00Z")',
  'context.findings.personal.isEmpty()',
  'context.findings.personal.contains("card_number")',
  'context.grant.effects.contains("read")',
  'context.agent.id == "assistant"',
  'context.usage.hour > 20',
  'principal in Group::"g1"',
  'principal.hasTag("site") && principal.getTag("site") == "vie"',
];

interface Policy {
  readonly kind: 'permit' | 'forbid' | 'hold';
  readonly scope: string;
  readonly when: readonly string[];
  readonly unless: readonly string[];
}

const policy: fc.Arbitrary<Policy> = fc.record({
  kind: fc.constantFrom('permit', 'permit', 'forbid', 'hold'),
  scope: fc.constantFrom(
    'principal, action == Action::"desk/refund", resource',
    'principal in Group::"g1", action in Action::"tools/call", resource is Tool',
    'principal == Person::"ann", action in Action::"write", resource is Tool',
  ),
  when: fc.subarray(conditions, { maxLength: 2 }),
  unless: fc.subarray(conditions, { maxLength: 1 }),
});

function writePolicy({ kind, scope, when, unless }: Policy, at: number): string {
  const conditionsText = [
    ...when.map((text) => `when { ${text} }`),
    ...unless.map((text) => `unless { ${text} }`),
  ];
  const hold = kind === 'hold' ? '@hold("finance") ' : '';
  const effect = kind === 'permit' ? 'permit' : 'forbid';
  return `@id("p${at}") ${hold}${effect} (${scope}) ${conditionsText.join(' ')};`;
}

/** One of them permits, or nothing would ever be allowed. */
export const policySets: fc.Arbitrary<string> = fc
  .array(policy, { minLength: 1, maxLength: 4 })
  .map((policies) =>
    ['@id("open") permit (principal, action, resource is Tool);', ...policies.map(writePolicy)].join('\n'),
  );

/** Values that some condition tells apart, some that none does, and ways to miss a path. */
export const inputs: fc.Arbitrary<string> = fc
  .record(
    {
      amount: fc.constantFrom(1, 5, 6, '5'),
      note: fc.constantFrom('a', 'ab', 'c', '4111 1111 1111 1111', null),
      flag: fc.boolean(),
      deep: fc.constantFrom({}, { x: '1' }, { x: '2', y: 1 }, { y: 5 }, 'x', ['x']),
      list: fc.constantFrom([], ['a'], ['b', 'a']),
    },
    { requiredKeys: [] },
  )
  .map((input) => JSON.stringify(input));
