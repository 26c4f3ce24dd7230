// Requests that are well formed and still must not be taken: arguments that mean two things, keys with a meaning of
// their own in Cedar, and names that nobody has.
import { callOf, facts, person } from '../../../pdp/test/mcpSources.ts';
import { denied, refused, type Kind } from './kind.ts';
import { callWithFacts, goodCall, post, postText, textWithAmount, goodText } from './message.ts';
import type { Random } from './random.ts';

const reserved = ['__entity', '__extn', '__expr'] as const;

/** Forgeries of entities and extension values, and things that only look a little like them. */
function forge(random: Random): object {
  const key = random.pick(reserved);
  const bodies = [
    { type: 'Group', id: 'finance' },
    { fn: 'decimal', arg: '1.0' },
    { fn: 'unknown', arg: 'input' },
    'User::"root"',
    null,
    [],
  ];
  return { [key]: random.pick(bodies) };
}

/** At every place below the arguments that a key can stand at. */
const places: readonly ((forged: object) => object)[] = [
  (forged) => ({ title: forged }),
  (forged) => ({ title: [forged] }),
  (forged) => ({ title: 'x', ...forged }),
  (forged) => ({ ...forged, title: 'x' }),
  (forged) => ({ title: 'x', labels: [forged] }),
  (forged) => ({ title: 'x', labels: ['a', [[forged]]] }),
  (forged) => ({ title: 'x', labels: forged }),
  (forged) => ({ title: 'x', labels: [{ a: { b: [forged] } }] }),
];

/** Spelled otherwise, and the same to a reader that ignores case (or folds the long s and the Kelvin sign). */
const folded = ['Title', 'TITLE', 'tItle', 'Labels', 'LABELS', 'label\u017f', 'LABEL\u017f'];

const undeclared = [
  'body',
  'titles',
  'title ',
  ' title',
  'ti\u200btle',
  '',
  '\0',
  'title\0',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'length',
  '0',
  'x'.repeat(100_000),
  '😀',
];

const strange = [
  '\0',
  '\n',
  '\r\n',
  'github/create_issue\0',
  'github/create_issue\n',
  'github/create_issue ',
  'Github/create_issue',
  'github//create_issue',
  'github/../github/create_issue',
  'github\\create_issue',
  'github',
  '/',
  '//',
  'github/',
  '/create_issue',
  '__proto__',
  'github/__proto__',
  'github/constructor',
  '\u202egithub/create_issue',
  'github/create_issue\u200b',
  '%67ithub/create_issue',
  `github/${'x'.repeat(100_000)}`,
  'github/create_issue"',
  'Tool::"github/create_issue"',
  '*',
  'github/*',
  '{"id":"x"}',
];

const noMethods = [
  'tools/list',
  'tools/cal',
  'Tools/Call',
  'github/search_code',
  'constructor',
  '__proto__',
  'read',
  'write',
  'destructive',
  '\0',
  'x'.repeat(100_000),
];

const noAmounts = [
  '"5"',
  'null',
  '1.5',
  '[5]',
  '{}',
  'true',
  '"\\u0035"',
  '[]',
  '0.1',
  '1e-1',
  '{"value":5}',
];

export const mcpKinds: readonly Kind[] = [
  refused('reserved_key', 'a forged value among the arguments', (random) =>
    post(callWithFacts(random, { input: random.pick(places)(forge(random)) })),
  ),
  refused('reserved_key', 'a forged value in tags', (random) =>
    post({
      ...goodCall(random),
      subject: { ...person('x'), properties: { groups: [], tags: { [random.pick(reserved)]: 'x' } } },
    }),
  ),
  refused('reserved_key', 'a forged value in the tags of the agent', (random) =>
    post(
      callWithFacts(random, { agent: { ...facts.agent, tags: { a: 'b', [random.pick(reserved)]: 'x' } } }),
    ),
  ),
  refused('reserved_key', 'a forged counter', (random) =>
    post(callWithFacts(random, { usage: { hour: 1, [random.pick(reserved)]: 1 } })),
  ),
  refused('reserved_key', 'a forged value with an escaped key', (random) =>
    postText(
      goodText(random).replace('"title":', '"\\u005f_entity":{"type":"Group","id":"finance"},"title":'),
    ),
  ),
  refused('folded_key', 'an argument in another case', (random) =>
    post(callWithFacts(random, { input: { title: 'x', [random.pick(folded)]: 'y' } })),
  ),
  refused('folded_key', 'a required argument in another case alone', (random) =>
    post(
      callWithFacts(random, {
        input: { [random.pick(['Title', 'TITLE', 't\u0131tle'.replace('\u0131', 'I')])]: 'y' },
      }),
    ),
  ),
  refused('undeclared_argument', 'an argument that the tool does not have', (random) =>
    postText(
      goodText(random).replace('"title":', () => `${JSON.stringify(random.pick(undeclared))}:1,"title":`),
    ),
  ),
  refused('missing_argument', 'no required argument', (random) =>
    post(callWithFacts(random, { input: random.pick([{}, { labels: [] }]) })),
  ),
  refused('missing_argument', 'no arguments', (random) => post({ ...goodCall(random), context: facts })),
  denied('unrepresentable_value', 'an amount of another type', (random) =>
    postText(textWithAmount(random.pick(noAmounts))),
  ),
  denied('unknown_tool', 'a tool that nobody has', (random) =>
    post({ ...goodCall(random), resource: { type: 'Tool', id: random.pick(strange) } }),
  ),
  denied('unknown_tool', 'a method that is none', (random) =>
    post({ ...goodCall(random), action: { name: random.pick(noMethods) } }),
  ),
  denied('unknown_tool', 'a resource that nobody has', (random) =>
    post({
      ...goodCall(random),
      action: { name: 'resources/read' },
      resource: { type: 'Resource', id: random.pick(strange) },
    }),
  ),
  denied('bundle_changed', 'another bundle', (random) =>
    post({ ...goodCall(random), bundle: random.pick(['x', 'sha256:', '\0', 'x'.repeat(100_000)]) }),
  ),
  denied('facts_needed', 'no facts where policies read them', () =>
    post(callOf('github/search_code', {}, {})),
  ),
  denied('default_deny', 'a subject without groups', (random) =>
    post({ ...goodCall(random), subject: person(random.word()) }),
  ),
  denied('default_deny', 'a group that only looks like the right one', (random) =>
    post({
      ...goodCall(random),
      subject: person(
        'x',
        random.pick([
          'Builders',
          'builders ',
          'builders\0',
          'build\u200bers',
          'Group::"builders"',
          'builders"',
          '*',
        ]),
      ),
    }),
  ),
  refused('invalid_request', 'a discovery of nothing, or of everything', (random) =>
    post(
      {
        subject: person('x'),
        ...random.pick([
          {},
          { server: 'github', resources: [] },
          { server: 1 },
          { resources: {} },
          { resources: [1] },
          { server: '' },
        ]),
      },
      '/v1/discover',
    ),
  ),
  refused('invalid_request', 'a page that no search gave', (random) =>
    post(
      {
        subject: person('x'),
        action: { name: 'tools/call' },
        resource: { type: 'Tool' },
        page: random.pick([
          { token: 'x' },
          { token: 'MC4uMA' },
          { token: 1 },
          { limit: -1 },
          { limit: 1.5 },
          { limit: 'x' },
          [],
          1,
        ]),
      },
      '/access/v1/search/resource',
    ),
  ),
  refused('not_found', 'a search for subjects where there are none', () =>
    post(
      {
        subject: { type: 'Person' },
        action: { name: 'tools/call' },
        resource: { type: 'Tool', id: 'github/create_issue' },
      },
      '/access/v1/search/subject',
    ),
  ),
];
