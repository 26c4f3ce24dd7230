// A fleet before a server that knows of each call whether it ran: people with so many calls an hour, who call through both
// proxies at once.
import { setTimeout as delay } from 'node:timers/promises';
import { sha256Hex } from '@cardea/schemas/digest';
import { callOf } from '../pep/adversary/attack.ts';
import { Caller } from '../pep/caller.ts';
import { RecordingServer } from '../pep/recordingServer.ts';
import { waitFor } from './cardeaProcess.ts';
import { Fleet, membersCount } from './fleet.ts';
import { annGrant } from './operator.ts';

/** Of `count`, in an hour. */
export const most = 40;

/** `refused` is `count` with an argument for which it is denied after it was counted; `look` reads no usage. */
export type Kind = 'count' | 'refused' | 'brief' | 'look';

export interface Called {
  readonly kind: Kind;
  readonly person: number;
  /** Through that proxy. */
  readonly at: number;
  /** In the order in which calls began. */
  readonly number: number;
  /** `passed`, the code of the refusal, `absent` where nobody listens, or `broken` for a connection that ended. */
  readonly answer: string;
}

const people = 400;
/** Of `brief`. */
const briefSeconds = 6;
/** How often one is told that it is enough before somebody else calls. */
const enoughMax = 8;
const mixed: readonly Kind[] = ['count', 'refused', 'count', 'look'];
const turnsMax = 50_000;
/** A proxy that is not there says so at once. */
const restMs = 5;

const catalog = {
  server: { id: 'desk', owner: 'o', risk: 'low', environment: 'test' },
  tools: ['count', 'brief', 'look'].map((name) => ({
    name,
    review: 'approved',
    effect: 'write',
    inputSchema: {
      type: 'object',
      properties: { number: { type: 'integer' }, refused: { type: 'boolean' } },
    },
  })),
};

const project = {
  organisation: 'example',
  profile: 'mcp',
  settings: {
    counters: [
      { name: 'hour', key: 'person', windowSeconds: 3_600 },
      { name: 'moment', key: 'person', windowSeconds: briefSeconds },
    ],
  },
};

const policies = `
@id("all") permit (principal in Group::"support", action, resource);
@id("so-many") forbid (principal, action == Action::"desk/count", resource)
when { context.usage.hour > ${most} };
@id("so-soon") forbid (principal, action == Action::"desk/brief", resource)
when { context.usage.moment > ${most} };
@id("not-this-one") forbid (principal, action == Action::"desk/count", resource)
when { context.input has refused && context.input.refused };
`;

const nameOf = (person: number): string => `person-${person}`;

const grantOf = (person: number): object => ({
  ...annGrant,
  id: nameOf(person),
  tokenSha256: sha256Hex(nameOf(person)),
  person: { id: nameOf(person), groups: ['support'] },
});

export class CountedDesk {
  readonly fleet: Fleet;
  readonly calls: Called[] = [];
  readonly #server: RecordingServer;
  readonly #callers: readonly Caller[];
  #numbers = 0;
  #people = 0;

  private constructor(fleet: Fleet, server: RecordingServer) {
    this.fleet = fleet;
    this.#server = server;
    const members = Array.from({ length: membersCount }, (_, at) => fleet.url(at));
    this.#callers = members.map((url) => new Caller(`${url}/desk/mcp`, ''));
  }

  static async start(): Promise<CountedDesk> {
    const server = new RecordingServer();
    const fleet = await Fleet.start({
      upstream: await server.start(),
      files: {
        'cardea.json': project,
        'catalog/desk.json': catalog,
        'policies/desk.cedar': policies,
        'tests/desk.json': '[]',
      },
      grants: Array.from({ length: people }, (_, person) => grantOf(person)),
    });
    const desk = new CountedDesk(fleet, server);
    await desk.recover();
    return desk;
  }

  /** Somebody who has not called yet. */
  nextPerson(): number {
    if (this.#people === people) throw new Error('there is nobody left');
    return (this.#people += 1) - 1;
  }

  /** Calls that begin after this have a greater one. */
  get lastNumber(): number {
    return this.#numbers;
  }

  async call(at: number, kind: Kind, person: number): Promise<Called> {
    const number = (this.#numbers += 1);
    const isRefused = kind === 'refused';
    const input = isRefused ? { number, refused: true } : { number };
    const { answer } = await (this.#callers[at % membersCount] as Caller).call({
      body: callOf(JSON.stringify(input), isRefused ? 'count' : kind),
      headers: { authorization: `Bearer ${nameOf(person)}` },
    });
    const called = { kind, person, at, number, answer: shorten(answer) };
    this.calls.push(called);
    return called;
  }

  /** How often each call has reached the server, by its number. */
  countRuns(): ReadonlyMap<number, number> {
    const runs = new Map<number, number>();
    for (const { body } of this.#server.received) {
      const { params } = JSON.parse(body.toString()) as { params: { arguments: { number: number } } };
      const { number } = params.arguments;
      runs.set(number, (runs.get(number) ?? 0) + 1);
    }
    return runs;
  }

  /** Takes what places there are, through both proxies, until both say that there are none. */
  async takeTheRest(person: number): Promise<void> {
    for (let at = 0; at < membersCount; at += 1) {
      await waitFor(async () => {
        const { answer } = await this.call(at, 'count', person);
        return answer === 'forbidden' ? true : undefined;
      });
    }
  }

  /** Until both proxies are ready and let a call pass. */
  async recover(): Promise<void> {
    for (let at = 0; at < membersCount; at += 1) {
      await waitFor(async () => {
        const { answer } = await this.call(at, 'look', 0);
        return answer === 'passed' && (await this.fleet.readiness(at)).ready ? true : undefined;
      });
    }
  }

  /** One call after another on each lane, over both proxies, while `harm` runs. What was called meanwhile. */
  async keepCalling(lanes: number, harm: () => Promise<void>): Promise<readonly Called[]> {
    const from = this.calls.length;
    const stop = new AbortController();
    let person = this.nextPerson();
    let enough = 0;
    let turns = 0;
    const lane = async (at: number): Promise<void> => {
      while (!stop.signal.aborted && turns < turnsMax) {
        const called = await this.call(at, mixed[(turns += 1) % mixed.length] as Kind, person);
        if (called.answer === 'absent') await delay(restMs);
        if (called.person !== person || called.kind !== 'count' || called.answer !== 'forbidden') continue;
        enough += 1;
        if (enough % enoughMax === 0) person = this.nextPerson();
      }
    };
    const all = Array.from({ length: lanes }, (_, at) => lane(at));
    await harm().finally(() => {
      stop.abort();
    });
    await Promise.all(all);
    return this.calls.slice(from);
  }

  async stop(): Promise<void> {
    for (const caller of this.#callers) caller.close();
    await this.fleet.stop();
    await this.#server.stop();
  }
}

function shorten(answer: string): string {
  if (answer === 'broken ECONNREFUSED') return 'absent';
  const [first = '', code = first] = answer.split(' ');
  return first === 'broken' ? first : code;
}
