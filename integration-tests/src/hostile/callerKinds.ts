// Callers who are nobody, and callers who ask for more than they may.
import { tokens } from '../../../pdp/test/client.ts';
import { facts } from '../../../pdp/test/mcpSources.ts';
import { refused, type Kind } from './kind.ts';
import { evaluationPath, goodCall, goodText, post, request } from './message.ts';
import type { Random } from './random.ts';

const noTokens = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer nobody',
  'Basic YTpi',
  'Bearer author-token x',
  'author-token',
  'Bearer  ',
  `Bearer ${'x'.repeat(5_000)}`,
  'Bearer \u00e9',
  'Bearer author-toke',
  'Bearer author-token,proxy-token',
];

const guarded = [
  '/access/v1/evaluation',
  '/access/v1/evaluations',
  '/v1/depends',
  '/v1/discover',
  '/v1/explain',
  '/access/v1/search/resource',
  '/access/v1/search/action',
  '/access/v1/search/subject',
];

const carol = { type: 'Person', id: 'carol' };

function clientCall(random: Random, changes: object): object {
  const { context, ...call } = goodCall(random) as { context: object };
  return {
    ...call,
    subject: carol,
    context: { request: facts.request, input: { title: 'x' } },
    ...changes,
    was: context,
  };
}

export const callerKinds: readonly Kind[] = [
  refused('unauthenticated', 'a token that is none', (random) =>
    request({
      path: random.pick(guarded),
      headers: { authorization: random.pick(noTokens) },
      body: goodText(random),
    }),
  ),
  refused('unauthenticated', 'no token', (random) =>
    request({ path: random.pick(guarded), headers: { authorization: undefined }, body: goodText(random) }),
  ),
  refused('unauthenticated', 'two tokens', (random) =>
    request({ lines: [`authorization: Bearer ${tokens.proxy}`], body: goodText(random) }),
  ),
  refused('not_permitted', "another proxy's server", (random) =>
    post(
      {
        ...goodCall(random),
        resource: {
          type: 'Tool',
          id: random.pick(['other/x', 'other', 'Github/x', '', '/x'].filter(Boolean)),
        },
      },
      evaluationPath,
      tokens.proxy,
    ),
  ),
  refused('not_permitted', 'a client about somebody else', (random) =>
    post(
      clientCall(random, {
        subject: {
          type: random.pick(['Person', 'Agent']),
          id: random.pick(['alice', 'Carol', 'carol ', 'carol\0']),
        },
      }),
      evaluationPath,
      tokens.client,
    ),
  ),
  refused('not_permitted', 'a client that states groups', (random) =>
    post(
      clientCall(random, { subject: { ...carol, properties: { groups: ['builders'] } } }),
      evaluationPath,
      tokens.client,
    ),
  ),
  refused('not_permitted', 'a client that states what only proxies know', (random) => {
    const family = random.pick(['grant', 'approvals', 'usage'] as const);
    return post(clientCall(random, { context: { [family]: facts[family] } }), evaluationPath, tokens.client);
  }),
  refused('not_permitted', 'a client or a proxy that wants explanations', (random) =>
    post(goodCall(random), '/v1/explain', random.pick([tokens.client, tokens.proxy])),
  ),
];
