// Random worlds for the laws: few names, so that policies, entities and requests meet; every construct that policies
// can use, well typed or not; and the names that trip naive code (prototype keys, hyphens, missing parents).
import type { CedarEntity, CedarRecord, CedarValue, EntityUid } from '@cardea/schemas/cedar';
import fc from 'fast-check';

export interface World {
  readonly entities: readonly CedarEntity[];
  readonly policies: readonly string[];
}

export interface WorldRequest {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly context: CedarRecord;
}

const uid = (type: string, id: string): EntityUid => ({ type, id });
export const persons = ['ann', 'bob'].map((id) => uid('Person', id));
const groups = ['g0', 'g1', 'g2', 'g3'].map((id) => uid('Group', id));
const servers = ['s0', 's1'].map((id) => uid('Server', id));
export const tools = ['t0', 't1', 't2'].map((id) => uid('Tool', id));
export const actions = ['x', 'y'].map((id) => uid('Action', id));
const actionGroups = ['read', 'write'].map((id) => uid('Action', id));
const agents = ['a0', 'a1'].map((id) => uid('Agent', id));

const show = ({ type, id }: EntityUid): string => `${type}::"${id}"`;
const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const ref = (entity: EntityUid): CedarValue => ({ __entity: entity });
const small = fc.integer({ min: 0, max: 3 });

/** A hierarchy without cycles: a group's parents come later in the list. */
const entitiesArbitrary: fc.Arbitrary<CedarEntity[]> = fc
  .record({
    groupParents: fc.tuple(...groups.map((_, at) => fc.subarray(groups.slice(at + 1)))),
    personParents: fc.tuple(...persons.map(() => fc.subarray(groups))),
    toolParents: fc.tuple(...tools.map(() => fc.subarray(servers))),
    agentParents: fc.tuple(...agents.map(() => fc.subarray(groups))),
    actionParents: fc.tuple(...actions.map(() => fc.subarray(actionGroups))),
    attrs: fc.infiniteStream(attributesArbitrary()),
    missing: fc.subarray([...groups, ...servers], { maxLength: 2 }),
  })
  .map(({ groupParents, personParents, toolParents, agentParents, actionParents, attrs, missing }) => {
    const build = (uids: readonly EntityUid[], parents: readonly EntityUid[][]): CedarEntity[] =>
      uids.map((own, at) => ({ uid: own, parents: parents[at] ?? [], ...nextAttributes(attrs) }));
    const bare = [...actions, ...actionGroups];
    const actionEntities = bare.map((own, at) => ({ uid: own, parents: actionParents[at] ?? [], attrs: {} }));
    const all = [
      ...build(groups, groupParents),
      ...build(persons, personParents),
      ...build(tools, toolParents),
      ...build(agents, agentParents),
      ...build(servers, []),
      ...actionEntities,
    ];
    return all.filter((entity) => !missing.includes(entity.uid));
  });

function attributesArbitrary(): fc.Arbitrary<Pick<CedarEntity, 'attrs' | 'tags'>> {
  return fc.record({
    attrs: fc.record(
      {
        level: small,
        owner: pick([...groups, ...persons]).map(ref),
        friends: fc.subarray(groups).map((members) => members.map(ref)),
        nested: fc.record({ owner: pick(groups).map(ref), n: small }, { requiredKeys: [] }),
        constructor: small,
      },
      { requiredKeys: [] },
    ),
    tags: fc.record({ t: small, u: pick(groups).map(ref) }, { requiredKeys: [] }),
  });
}

function nextAttributes(
  stream: Iterator<Pick<CedarEntity, 'attrs' | 'tags'>>,
): Pick<CedarEntity, 'attrs' | 'tags'> {
  const next = stream.next();
  return next.done === true ? { attrs: {} } : next.value;
}

const nested = fc.oneof(small, fc.record({ x: small, y: pick(agents).map(ref) }, { requiredKeys: [] }));

export const contextArbitrary: fc.Arbitrary<CedarRecord> = fc.record(
  {
    input: fc.record(
      {
        amount: fc.oneof(small, pick([2n ** 53n + 1n, 2n ** 63n - 1n])),
        n: nested,
        list: fc.array(small, { maxLength: 3 }),
        'hy-phen': small,
        constructor: small,
        group: pick(groups).map(ref),
      },
      { requiredKeys: [] },
    ),
    usage: fc.record({ hour: small }, { requiredKeys: [] }),
    agent: pick([...agents, ...persons]).map(ref),
  },
  { requiredKeys: [] },
);

const entityText = fc.oneof(
  pick([
    'principal',
    'resource',
    'context.agent',
    'resource.owner',
    'context.agent.owner',
    'context.input.group',
  ]),
  pick(['principal.nested.owner', 'principal.getTag("u")', 'context.input.n.y', 'context.input.n.y.owner']),
  pick([...groups, ...persons]).map(show),
);

/** Mostly questions that can be answered either way; the rest ask the wrong record. */
const presenceText = fc.oneof(
  pick(['input', 'input.amount', 'input.n.x', 'usage.hour', 'agent.owner']).map(
    (path) => `context has ${path}`,
  ),
  pick(['amount', 'n', 'n.x', 'n.y', 'list', 'constructor', '__proto__']).map(
    (path) => `context.input has ${path}`,
  ),
  fc
    .tuple(
      pick(['context.input.n', 'principal', 'resource', 'principal.nested', 'context.agent']),
      pick(['x', 'level', 'owner', 'nested.n', 'n']),
    )
    .map(([record, path]) => `${record} has ${path}`),
);

interface Texts {
  long: string;
  bool: string;
}

/** Expressions as text, so that what is tested is what an author would write. */
const texts = fc.letrec<Texts>((tie) => {
  const long = tie('long') as fc.Arbitrary<string>;
  const bool = tie('bool') as fc.Arbitrary<string>;
  return {
    long: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      small.map(String),
      pick([
        'context.input.amount',
        'context.usage.hour',
        'principal.level',
        'resource.level',
        'context.input.n',
      ]),
      pick([
        'context.input.n.x',
        'context.input["hy-phen"]',
        'context.input.constructor',
        'context.agent.level',
      ]),
      pick(['principal.getTag("t")', 'principal.constructor', '9007199254740993', '9223372036854775807']),
      fc.tuple(bool, long, long).map(([test, a, b]) => `(if ${test} then ${a} else ${b})`),
      fc.tuple(long, long).map(([a, b]) => `{a: ${a}, b: ${b}}.a`),
      fc
        .tuple(bool, pick(['amount', 'n.x', 'constructor']))
        .map(
          ([test, attr]) =>
            `(if ${test} then context.input else {amount: 1, n: {x: 2}, constructor: 3}).${attr}`,
        ),
      fc.tuple(long, long).map(([a, b]) => `(${a} + ${b})`),
    ),
    bool: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      pick(['true', 'false']),
      fc.tuple(long, pick(['<', '<=', '==', '!=']), long).map((parts) => parts.join(' ')),
      { weight: 3, arbitrary: presenceText },
      fc.tuple(entityText, entityText).map(([a, b]) => `${a} in ${b}`),
      fc
        .tuple(entityText, fc.subarray(groups, { minLength: 1 }))
        .map(([a, b]) => `${a} in [${b.map(show).join(', ')}]`),
      fc.tuple(entityText, entityText).map(([a, b]) => `${a} == ${b}`),
      fc.tuple(entityText, pick(['Person', 'Group', 'Agent'])).map(([a, type]) => `${a} is ${type}`),
      fc
        .tuple(entityText, pick(['Person', 'Agent']), pick(groups))
        .map(([a, type, b]) => `${a} is ${type} in ${show(b)}`),
      pick([
        'context.input.list.contains(1)',
        'resource.friends.isEmpty()',
        'principal.hasTag("t")',
        'context.agent.hasTag("u")',
      ]),
      pick([
        'principal in resource.friends',
        'context == context',
        'context.input.list == [1]',
        'action in Action::"read"',
      ]),
      fc.tuple(bool, pick(['&&', '||']), bool).map(([a, op, b]) => `(${a} ${op} ${b})`),
      bool.map((inner) => `!(${inner})`),
      fc.tuple(bool, bool, bool).map(([a, b, c]) => `(if ${a} then ${b} else ${c})`),
    ),
  };
});

/** Half of all scopes are open: a policy out of scope tests nothing but the index. */
const principalScope = fc.oneof(
  { weight: 4, arbitrary: fc.constant('principal') },
  pick(['principal is Person', 'principal is Agent']),
  pick([...persons, ...groups]).map((own) => `principal == ${show(own)}`),
  pick([...persons, ...groups]).map((own) => `principal in ${show(own)}`),
  pick(groups).map((own) => `principal is Person in ${show(own)}`),
);
const actionScope = fc.oneof(
  { weight: 4, arbitrary: fc.constant('action') },
  pick(actions).map((own) => `action == ${show(own)}`),
  pick([...actions, ...actionGroups]).map((own) => `action in ${show(own)}`),
  fc
    .subarray([...actions, ...actionGroups], { minLength: 1 })
    .map((own) => `action in [${own.map(show).join(', ')}]`),
);
const resourceScope = fc.oneof(
  { weight: 4, arbitrary: fc.constant('resource') },
  fc.constant('resource is Tool'),
  pick(tools).map((own) => `resource == ${show(own)}`),
  pick(servers).map((own) => `resource in ${show(own)}`),
  pick(servers).map((own) => `resource is Tool in ${show(own)}`),
);

const policyText = fc
  .record({
    effect: pick(['permit', 'permit', 'forbid', '@hold("finance") forbid', '@hold("legal") forbid']),
    principal: principalScope,
    action: actionScope,
    resource: resourceScope,
    conditions: fc.array(
      fc.tuple(pick(['when', 'when', 'unless']), texts.bool).map(([kind, body]) => `${kind} { ${body} }`),
      { maxLength: 2, size: 'max' },
    ),
  })
  .map(
    ({ effect, principal, action, resource, conditions }) =>
      `${effect} (${principal}, ${action}, ${resource})${conditions.map((text) => ` ${text}`).join('')};`,
  );

export const worldArbitrary: fc.Arbitrary<World> = fc
  .record({ entities: entitiesArbitrary, policies: fc.array(policyText, { minLength: 1, maxLength: 7 }) })
  .map(({ entities, policies }) => ({
    entities,
    policies: policies.map((policy, at) => `@id("p${at}") ${policy}`),
  }));

export const requestArbitrary: fc.Arbitrary<WorldRequest> = fc.record({
  principal: pick([...persons, ...agents]),
  action: pick(actions),
  resource: pick(tools),
  context: contextArbitrary,
});
