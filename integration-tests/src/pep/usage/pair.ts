// Two proxies, each with a decision service of its own, before one server and with one bundle: what one of them counts the
// other has to know of.
import type { WireReadiness } from '@cardea/schemas/wire';
import { callOf } from '../adversary/attack.ts';
import { Caller } from '../caller.ts';
import { RecordingServer } from '../recordingServer.ts';
import { defaultToken, Stack } from '../stack.ts';

export interface PairOptions {
  /** Calls of `count` that one person has in an hour. */
  readonly most: number;
  /** What one person may pay in an hour. */
  readonly sumMost: number;
  /** What pep.json says beside the servers. */
  readonly config: object;
  /** Of the second proxy, where it is to say something else. */
  readonly others?: object;
}

const tool = (name: string, properties: object): object => ({
  name,
  review: 'approved',
  effect: 'write',
  inputSchema: { type: 'object', properties },
});

const catalog = {
  server: { id: 'desk', owner: 'o', risk: 'low', environment: 'test' },
  tools: [
    tool('count', { refused: { type: 'boolean' } }),
    tool('pay', { amount: { type: 'integer' } }),
    tool('look', {}),
  ],
};

const settings = {
  counters: [
    { name: 'hour', key: 'person', windowSeconds: 3_600 },
    {
      name: 'paid',
      key: 'person',
      windowSeconds: 3_600,
      sum: { tools: ['desk/pay'], argument: '/amount' },
    },
  ],
};

const writePolicies = ({ most, sumMost }: PairOptions): string => `
@id("all") permit (principal, action, resource);
@id("so-many") forbid (principal, action == Action::"desk/count", resource)
when { context.usage.hour > ${most} };
@id("so-much") forbid (principal, action == Action::"desk/pay", resource)
when { context.usage.paid > ${sumMost} };
@id("not-this-one") forbid (principal, action == Action::"desk/count", resource)
when { context.input has refused && context.input.refused };
`;

export class Pair {
  readonly #server: RecordingServer;
  readonly #stacks: readonly Stack[];
  readonly #callers: readonly Caller[];

  private constructor(server: RecordingServer, stacks: readonly Stack[]) {
    this.#server = server;
    this.#stacks = stacks;
    this.#callers = stacks.map((stack) => new Caller(stack.url('desk'), defaultToken));
  }

  static async start(options: PairOptions): Promise<Pair> {
    const server = new RecordingServer();
    const upstream = await server.start();
    const stacks: Stack[] = [];
    for (const config of [options.config, options.others ?? options.config]) {
      stacks.push(
        await Stack.start({
          policies: writePolicies(options),
          catalogs: { desk: JSON.stringify(catalog) },
          upstreams: { desk: upstream },
          settings,
          config,
        }),
      );
    }
    return new Pair(server, stacks);
  }

  /** `ran`, or the code of its refusal. Through the first proxy where the number is even. */
  async call(at: number, name: string, input: object): Promise<string> {
    const body = callOf(JSON.stringify(input), name);
    const { answer } = await (this.#callers[at % 2] as Caller).call({ body });
    return answer === '200 passed' ? 'ran' : (answer.split(' ')[1] ?? answer);
  }

  /** Calls of the tool that have reached the server. */
  ran(name: string): number {
    return this.#server.received.filter(({ body }) => body.toString().includes(`"name":"${name}"`)).length;
  }

  async readiness(at: number): Promise<WireReadiness> {
    const response = await fetch(`${(this.#stacks[at] as Stack).proxy.url}/readyz`);
    return (await response.json()) as WireReadiness;
  }

  async stop(): Promise<void> {
    for (const caller of this.#callers) caller.close();
    for (const stack of this.#stacks) await stack.stop();
    await this.#server.stop();
  }
}
