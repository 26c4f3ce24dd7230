// Tricks of path, text and number against the policies of real servers. Each is refused as the table says, or it is allowed
// and the server gets the bytes that were judged. Where the server alone falls for one, the table says that too, and the
// test shows it: nothing that is forbidden comes through.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Governed, serverIds, type ServerId, type Way } from '../governed.ts';
import { secret } from '../grounds.ts';
import { numberTricks } from './numberTricks.ts';
import { pathTricks } from './pathTricks.ts';
import { textTricks } from './textTricks.ts';
import type { Trick } from './trick.ts';

let governed: Governed;
const sessions = new Map<string, Session>();

interface Session {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

beforeAll(async () => {
  governed = await Governed.start();
  for (const id of serverIds)
    for (const way of ['directly', 'through'] as const) sessions.set(`${id} ${way}`, await open(id, way));
}, 60_000);

afterAll(() => governed.stop());

async function open(id: ServerId, way: Way): Promise<Session> {
  const { url, headers = {} } = governed.endpoint(id, way);
  const { transport } = await governed.connect(id, way);
  return {
    url,
    headers: {
      ...headers,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2025-11-25',
      'mcp-session-id': transport?.sessionId ?? '',
    },
  };
}

interface Answer {
  /** `allowed`, or the code. */
  readonly outcome: string;
  readonly text: string;
}

async function send({ server }: Trick, way: Way, body: Buffer): Promise<Answer> {
  const { url, headers } = sessions.get(`${server} ${way}`) ?? { url: '', headers: {} };
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  const [, code] = /"data":\{"code":"(\w+)"/.exec(text) ?? [];
  const outcome = code ?? (text.includes('"result"') ? 'allowed' : `${response.status} without a code`);
  return { outcome, text };
}

function bytesOf({ body }: Trick): Buffer {
  return Buffer.concat(
    body.map((part) => (typeof part === 'string' ? Buffer.from(governed.grounds.fill(part)) : part)),
  );
}

const groups: readonly (readonly [string, readonly Trick[]])[] = [
  ['paths', pathTricks],
  ['texts, choices and lists', textTricks],
  ['numbers', numberTricks],
];

describe.each(groups)('%s', (_, tricks) => {
  it.each(tricks.map((trick) => [trick.name, trick.server, trick.wanted, trick] as const))(
    '%s (%s): %s',
    async (_name, server, wanted, trick) => {
      const { bodies } = governed.taps[server];
      const before = bodies.length;
      const bytes = bytesOf(trick);
      const { outcome, text } = await send(trick, 'through', bytes);
      expect(outcome).toBe(wanted);
      expect(text).not.toContain(secret);
      expect(bodies.slice(before)).toEqual(wanted === 'allowed' ? [bytes] : []);
    },
  );

  it.each(
    tricks.flatMap((trick) =>
      trick.bites === undefined ? [] : [[trick.name, trick.server, trick.bites, trick] as const],
    ),
  )('%s (%s) is one that the server alone falls for', async (_name, _server, bites, trick) => {
    expect((await send(trick, 'directly', bytesOf(trick))).text).toMatch(bites);
  });
});

describe('all of them', () => {
  it('are enough, each under a name of its own', () => {
    const names = groups.flatMap(([group, tricks]) => tricks.map(({ name }) => `${group}: ${name}`));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(150);
  });

  it('have changed nothing that policies keep, and nobody has visited the page', async () => {
    const memory = await governed.connect('memory', 'behind');
    const { structuredContent } = await memory.callTool({ name: 'read_graph', arguments: {} });
    expect(structuredContent).toEqual({
      entities: [
        { name: 'vault', entityType: 'thing', observations: [secret] },
        {
          name: 'kettle',
          entityType: 'thing',
          observations: ['it is red', 'it leaks', 'it whistles', 'it leaks'],
        },
      ],
      relations: [],
    });
    expect(governed.grounds.files()).toEqual({
      'public/note.txt': 'Tea at four.\n',
      'privé/secret.txt': `${secret}\n`,
    });
    expect(governed.grounds.visits).toBe(0);
  });
});
