// What was judged is what the server reads, whatever it reads with: random documents, sane and otherwise, through the whole
// of the proxy. The question to the decision service is what was judged; two other readers stand for the server's.
import { Agent, request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import json5 from 'json5';
import { parseStrictJson } from '@cardea/schemas/json';
import { readLoosely } from '../../../pep/test/looseJson.ts';
import { DecisionFront } from './decisionFront.ts';
import { RecordingServer } from './recordingServer.ts';
import { defaultToken, Stack } from './stack.ts';

const documentsMax = 600;

const server = new RecordingServer();
const front = new DecisionFront();
const agent = new Agent({ keepAlive: true });
let stack: Stack;

const catalog = {
  server: { id: 'desk', owner: 'o', risk: 'low', environment: 'test' },
  tools: [
    {
      name: 'echo',
      review: 'approved',
      effect: 'read',
      open: true,
      inputSchema: { type: 'object', properties: { seq: { type: 'integer' } }, required: ['seq'] },
    },
  ],
};

/** Reads what differs in each document, so that each is a question of its own. */
const policies = `
@id("all") permit (principal, action, resource);
@id("none-below") forbid (principal, action == Action::"desk/echo", resource) when { context.input.seq < 0 };
`;

beforeAll(async () => {
  stack = await Stack.start({
    policies,
    catalogs: { desk: JSON.stringify(catalog) },
    upstreams: { desk: await server.start() },
    front: (url) => front.open(url),
  });
});

afterAll(async () => {
  agent.destroy();
  await stack.stop();
  await front.close();
  await server.stop();
});

const spaces = fc.constantFrom('', '', ' ', '\n', '\t ', '\r\n');
const keys = fc.constantFrom(
  '"a"',
  '"b"',
  '"\\u0061"',
  '"__proto__"',
  '"constructor"',
  '"\u00e9"',
  '"\\ud83d\\ude00"',
  '"A"',
  '""',
);
const scalars = fc.constantFrom(
  ...[
    '0',
    '-0',
    '1',
    '1.0',
    '1e0',
    '10e-1',
    '0.5',
    '-1.5e3',
    '9007199254740991',
    '9007199254740993',
    '1e400',
    '0.1',
  ],
  ...[
    'true',
    'null',
    '"x"',
    '"\\u0078"',
    '"\\/"',
    '"/"',
    '"\\ud800"',
    '"\u007f"',
    '"\\n"',
    '"\u{1f600}"',
    'NaN',
    "'x'",
    '01',
  ],
);

const { value: values } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: scalars },
    fc.array(tie('value'), { maxLength: 3 }).map((elements) => `[${elements.join(',')}]`),
    fc
      .array(fc.tuple(keys, spaces, tie('value')), { maxLength: 3 })
      .map((members) => `{${members.map(([key, space, value]) => `${key}${space}:${value}`).join(',')}}`),
  ),
}));

/** The members of the message and of its parameters, in any order, now and then one of them twice. */
const documents = fc
  .record({
    extra: fc.array(fc.tuple(keys, values), { maxLength: 2 }),
    isTwice: fc.nat(19).map((chance) => chance === 0),
    spaces: fc.array(spaces, { minLength: 4, maxLength: 4 }),
    isTurned: fc.boolean(),
  })
  .map(({ extra, isTwice, spaces: [a = '', b = '', c = '', d = ''], isTurned }) => (seq: number): string => {
    const args = [`"seq":${seq}`, ...extra.map(([key, value]) => `${key}:${value}`)];
    const params = [`"name":${a}"echo"`, `"arguments":{${(isTurned ? args.reverse() : args).join(`${b},`)}}`];
    const members = [
      '"jsonrpc":"2.0"',
      `"id":${seq}`,
      '"method":"tools/call"',
      `"params":{${params.join(`,${c}`)}}`,
    ];
    if (isTwice) members.push('"method":"tools/list"');
    return `${d}{${(isTurned ? members.reverse() : members).join(',')}}`;
  });

function post(body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${defaultToken}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const call = send(stack.url('desk'), { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

interface Message {
  readonly method: unknown;
  readonly params: { readonly name: unknown; readonly arguments: unknown };
}

/** Without prototypes and exact integers, in which readers differ by design. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? Number(member) : member)),
  );

const readers: readonly ((text: string) => unknown)[] = [
  (text) => JSON.parse(text) as unknown,
  (text) => json5.parse<unknown>(text),
  (text) => readLoosely(text, { wins: 'first', folds: [] }),
];

describe('what the server reads', () => {
  it('is what was judged, in these very bytes', async () => {
    let taken = 0;
    let seq = 0;
    await fc.assert(
      fc.asyncProperty(documents, async (write) => {
        seq += 1;
        const body = write(seq);
        const [received, asked] = [server.received.length, front.asked.length];
        const status = await post(body);
        if (server.received.length === received) {
          expect(status).toBe(400);
          return;
        }
        taken += 1;
        expect(server.received.at(-1)?.body.toString()).toBe(body);
        const question = parseStrictJson(front.asked.at(-1)?.body ?? 'null') as unknown as {
          resource: { id: string };
          context: { input: unknown };
        };
        expect(front.asked.length).toBeGreaterThan(asked);
        for (const read of readers) {
          const { method, params } = read(body) as Message;
          expect([method, `desk/${String(params.name)}`]).toEqual(['tools/call', question.resource.id]);
          expect(plain(params.arguments)).toEqual(plain(question.context.input));
        }
      }),
      { numRuns: documentsMax },
    );
    expect(taken).toBeGreaterThan(documentsMax / 10);
    expect(taken).toBeLessThan(documentsMax);
  }, 60_000);
});
