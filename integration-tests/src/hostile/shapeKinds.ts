// Every field of a request in every wrong shape.
import { facts } from '../../../pdp/test/mcpSources.ts';
import { refused, type Kind } from './kind.ts';
import { evaluationsPath, goodCall, post } from './message.ts';
import type { Random } from './random.ts';

const noText = [null, 1, true, [], {}, ['x'], { type: 'x' }, '', -1.5];
const noObject = [null, 1, false, 'x', '', [], [{}]];
const noList = [null, 1, true, 'x', {}, { 0: 'x', length: 1 }];
const noNames = [...noList, [1], [null], [''], [['x']], [{}], Array(1_001).fill('x')];
const noCount = [null, '1', true, -1, 1.5, [], {}, 1e16];
const noDate = [
  ...noText,
  'yesterday',
  '2026-13-01',
  '2026-02-30T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '1',
  '20260101',
  '2026-01-01T00:00:00',
];
const noAddress = [
  ...noText,
  '256.1.1.1',
  '10.0.0',
  'localhost',
  '::g',
  '10.0.0.1/33',
  '1.2.3.4.5',
  '01.2.3.4',
];

/** By path into the request: the values that do not belong there. */
const fields: readonly [path: string, wrong: readonly unknown[]][] = [
  ['subject', [...noObject, {}, { type: 'Person' }, { id: 'x' }]],
  [
    'subject.type',
    [
      ...noText,
      'Robot',
      'person',
      'Person ',
      '__proto__',
      'constructor',
      'Tool',
      'Person::X',
      'x'.repeat(100_000),
      '\0',
    ],
  ],
  ['subject.id', noText],
  ['subject.properties', [...noObject, {}, { roles: [] }]],
  ['subject.properties.groups', noNames],
  ['subject.properties.tags', [...noObject, { a: 1 }, { a: null }, { a: ['x'] }, { a: {} }]],
  ['subject.properties.owner', noText],
  ['action', [...noObject, {}]],
  ['action.name', noText],
  ['action.properties', noObject],
  ['resource', [...noObject, {}, { type: 'Tool' }]],
  [
    'resource.type',
    [...noText, 'tools', 'TOOL', 'Group', 'Person', 'Action', '__proto__', 'toString', 'T'.repeat(100_000)],
  ],
  ['resource.id', noText],
  ['resource.properties', noObject],
  ['context', noObject],
  ['context.input', noObject],
  // A text alone is the id of an agent without groups.
  [
    'context.agent',
    [
      null,
      1,
      false,
      '',
      [],
      [{}],
      {},
      { id: 'x' },
      { groups: [] },
      { id: '', groups: [] },
      { id: 'x', groups: [], extra: 1 },
    ],
  ],
  ['context.agent.groups', noNames],
  ['context.agent.owner', noText],
  [
    'context.grant',
    [
      ...noObject,
      {},
      { ...facts.grant, more: 1 },
      without(facts.grant, 'servers'),
      without(facts.grant, 'expires'),
    ],
  ],
  ['context.grant.servers', noNames],
  ['context.grant.tools', noNames],
  ['context.grant.effects', noNames],
  ['context.grant.expires', noDate],
  ['context.session', [...noObject, {}, { ...facts.session, more: 1 }, without(facts.session, 'ageHours')]],
  ['context.session.ageHours', noCount],
  ['context.session.ageSeconds', noCount],
  ['context.request', [...noObject, {}, { ...facts.request, more: 1 }, without(facts.request, 'address')]],
  ['context.request.time', noDate],
  ['context.request.address', noAddress],
  ['context.request.client', [null, 1, {}, []]],
  ['context.usage', [...noObject, {}, { day: 1 }]],
  ['context.usage.hour', noCount],
  [
    'context.findings',
    [...noObject, {}, { ...facts.findings, more: [] }, without(facts.findings, 'secrets')],
  ],
  ['context.findings.secrets', noNames],
  ['context.approvals', [...noObject, {}, without(facts.approvals, 'people')]],
  ['context.approvals.policies', noNames],
  ['bundle', noText],
];

const roots = [null, true, 0, 'x', [], [[]], {}, [{}], { evaluations: [] }, { Subject: {}, Action: {} }];

const noBatches: readonly unknown[] = [null, 1, 'x', {}, true, { length: 3 }];

const noOptions = [
  null,
  1,
  [],
  'execute_all',
  { evaluations_semantic: 'execute_some' },
  { evaluations_semantic: 1 },
  { evaluations_semantic: null },
];

const bothPaths = ['/access/v1/evaluation', '/v1/depends'];

export const shapeKinds: readonly Kind[] = [
  ...fields.map(([path, wrong]) =>
    refused('invalid_request', `${path} in a wrong shape`, (random) =>
      post(replace(goodCall(random), path.split('.'), random.pick(wrong))),
    ),
  ),
  ...['subject', 'action', 'resource'].map((field) =>
    refused('invalid_request', `no ${field}`, (random) =>
      post(without(goodCall(random), field), random.pick(bothPaths)),
    ),
  ),
  refused('invalid_request', 'a document that is no request', (random) => post(random.pick(roots))),
  refused('invalid_request', 'a batch that is no list', (random) =>
    post({ ...goodCall(random), evaluations: random.pick(noBatches) }, evaluationsPath),
  ),
  refused('invalid_request', 'options that a batch does not have', (random) =>
    post({ ...goodCall(random), evaluations: [{}], options: random.pick(noOptions) }, evaluationsPath),
  ),
  refused('invalid_request', 'defaults of a batch in a wrong shape', (random) =>
    post(replaceDefault(random), evaluationsPath),
  ),
];

function replaceDefault(random: Random): object {
  const field = random.pick(['subject', 'action', 'resource', 'context']);
  return { ...replace(goodCall(random), [field], random.pick(noObject)), evaluations: [goodCall(random)] };
}

function without(object: object, field: string): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));
}

/** A copy with another value at the path; what stands above it stays as it was. */
function replace(object: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const inner = (object as Record<string, unknown>)[name] as object | undefined;
  return { ...object, [name]: rest.length === 0 ? value : replace(inner ?? {}, rest, value) };
}
