// Requests that have to be answered rightly, however odd they look: what stands between the hostile ones.
import { callOf, facts, person } from '../../../pdp/test/mcpSources.ts';
import {
  chunked,
  goodText,
  postText,
  request,
  textWithAmount,
  textWithMembers,
  textWithTitle,
} from './message.ts';
import type { Random } from './random.ts';
import type { WireMessage } from './wire.ts';

export interface GoodRequest {
  /** What is judged. */
  readonly body: string;
  readonly message: WireMessage;
}

export interface GoodKind {
  readonly name: string;
  readonly make: (random: Random) => GoodRequest;
}

const groups = ['builders', 'support', 'finance', 'guests', 'x\0y', '__proto__', '\u202e', '😀'] as const;
const tools = [
  'github/create_issue',
  'github/search_code',
  'github/delete_repo',
  'github/new_tool',
  'stripe/create_refund',
] as const;
const amounts = [0, -1, 1, 5_000, 5_001, 10_000, 10_001, 2 ** 53 - 1, -(2 ** 53) + 1];
const addresses = ['10.0.0.1', '10.255.255.255', '192.168.0.1', '::1', 'fe80::1'];

/** Integers in every spelling that denotes one exactly, and what a policy reads. */
const spellings = [
  '-0',
  '0',
  '1e3',
  '10E2',
  '5000.0',
  '0.5e4',
  '9007199254740993',
  '9007199254740992',
  '9223372036854775807',
  '-9223372036854775808',
  '100000000000000000e-14',
];

const ignoredMembers = [
  '"__proto__":{"decision":true}',
  '"constructor":{"prototype":{}}',
  '"__entity":{"type":"Person","id":"root"}',
  '"decision":true',
  '"":0',
  '"a":null,"A":null',
  '"x":"\\u0000"',
  '"x":"\u2028\\ud83d\\ude00"',
  '"toString":1,"valueOf":2',
  '"evaluations":[]',
  '"x":[1.5,-0,1e2,null]',
];

const kind = (
  name: string,
  write: (random: Random) => string,
  send: (body: string) => WireMessage = postText,
): GoodKind => ({
  name,
  make: (random) => {
    const body = write(random);
    return { body, message: send(body) };
  },
});

function randomCall(random: Random): string {
  const tool = random.pick(tools);
  const stated = {
    ...facts,
    usage: { hour: random.between(15, 25) },
    request: { ...facts.request, address: random.pick(addresses) },
    approvals: { policies: random.pick([[], ['large-refunds-need-finance'], ['other']]), people: ['bob'] },
  };
  const missing = random.pick(['', '', '', 'usage', 'request', 'approvals']);
  const context = Object.fromEntries(Object.entries(stated).filter(([family]) => family !== missing));
  const call = callOf(tool, randomInput(tool, random), context);
  const own = groups.filter(() => random.below(2) === 0);
  return JSON.stringify({
    ...call,
    subject: person(random.pick(['alice', random.word(), 'x'.repeat(1_000), 'a\0b\n']), ...own),
  });
}

function randomInput(tool: (typeof tools)[number], random: Random): object {
  switch (tool) {
    case 'github/create_issue':
      return { title: random.word(), labels: Array.from({ length: random.below(20) }, () => random.word()) };
    case 'github/search_code':
      return random.pick([{}, { query: 'x'.repeat(random.below(100_000)) }]);
    case 'github/delete_repo':
      return { name: random.word() };
    case 'github/new_tool':
      return {};
    case 'stripe/create_refund':
      return { amount: random.pick(amounts), note: random.word() };
  }
}

export const goodKinds: readonly GoodKind[] = [
  ...Array<GoodKind>(12).fill(kind('a call', randomCall)),
  kind('an amount in an odd spelling', (random) => textWithAmount(random.pick(spellings))),
  kind('members that nobody knows', (random) => textWithMembers(random, random.pick(ignoredMembers))),
  kind('nesting just within the limit', (random) => {
    const depth = random.between(55, 61);
    return textWithTitle(random, '['.repeat(depth) + ']'.repeat(depth));
  }),
  kind('an unread argument of another type', (random) =>
    textWithTitle(
      random,
      random.pick(['null', '1.5', '{}', '[]', '9223372036854775807', '{"constructor":{"__proto__":1}}']),
    ),
  ),
  kind('half a megabyte that nobody reads', (random) =>
    textWithTitle(random, `"${'x'.repeat(random.between(1, 500_000))}"`),
  ),
  kind('many values that nobody reads', (random) =>
    textWithTitle(random, `[${'0,'.repeat(random.between(1, 30_000))}0]`),
  ),
  kind('blanks around everything', (random) => ` \r\n\t${goodText(random).replaceAll(',', ' ,\t')}\n\n`),
  kind('keys with escapes', (random) =>
    goodText(random).replace('"subject"', '"\\u0073ubject"').replace('"title"', '"\\u0074\\u0069tle"'),
  ),
  kind('a body in chunks', goodText, (body) => chunked(body)),
  kind('an absolute address', goodText, (body) =>
    request({ line: 'POST http://other.example/access/v1/evaluation HTTP/1.1', body }),
  ),
  kind('a query that nobody reads', goodText, (body) =>
    request({ path: '/access/v1/evaluation?decision=true', body }),
  ),
  kind('a request id of high bytes', goodText, (body) =>
    request({ headers: { 'x-request-id': '\u0080\u00ff"<x>' }, body }),
  ),
  kind('an expectation that is met', goodText, (body) =>
    request({ headers: { expect: '100-continue' }, body }),
  ),
  kind('an offer to switch protocols', goodText, (body) =>
    request({ headers: { connection: 'upgrade', upgrade: 'h2c' }, body }),
  ),
  kind('UTF-8, said so', goodText, (body) =>
    request({ headers: { 'content-type': 'Application/JSON ; Charset="UTF-8"' }, body }),
  ),
  kind('a body in pieces', goodText, (body) => {
    const [bytes = Buffer.alloc(0)] = request({ body }).chunks;
    return { chunks: [bytes.subarray(0, 7), bytes.subarray(7, 200), bytes.subarray(200)], pauseMs: 2 };
  }),
];
