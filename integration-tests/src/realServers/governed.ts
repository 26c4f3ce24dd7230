// The four servers, each twice: one that a client asks directly, and one behind a tap and the proxy. Their catalogs are
// pulled as the command does it.
import { createRequire } from 'node:module';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { approvedCatalog } from '../mcp/catalog/approvedCatalog.ts';
import type { Endpoint } from '../mcp/endpoint.ts';
import { defaultToken, Stack } from '../pep/stack.ts';
import { Grounds } from './grounds.ts';
import { startHttpServer, startStdioServer } from './npmServer.ts';
import { policiesFor } from './policies.ts';
import { Tap } from './tap.ts';

const require = createRequire(import.meta.url);

export const serverIds = ['everything', 'files', 'memory', 'thinking'] as const;

export type ServerId = (typeof serverIds)[number];

/** Through the proxy, around it to a server of its own, or to the very one that stands behind the proxy. */
export type Way = 'through' | 'directly' | 'behind';

type OfEach<T> = Readonly<Record<ServerId, T>>;

interface Parts {
  readonly grounds: Grounds;
  readonly servers: readonly Endpoint[];
  readonly taps: OfEach<Tap>;
  readonly urls: Readonly<Record<'directly' | 'behind', OfEach<string>>>;
  readonly stack: Stack;
}

export class Governed {
  readonly grounds: Grounds;
  readonly taps: OfEach<Tap>;
  readonly #parts: Parts;
  readonly #clients: Client[] = [];

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.grounds = parts.grounds;
    this.taps = parts.taps;
  }

  static async start(): Promise<Governed> {
    const grounds = await Grounds.lay();
    // The one of memory remembers, so the two must not share it. The others serve any client alike.
    const [everything, files, memory, ownMemory, thinking] = await Promise.all([
      startHttpServer({
        program: require.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
        args: ['streamableHttp'],
      }),
      startStdioServer({
        program: require.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
        args: [grounds.root],
        env: { HOME: grounds.root },
      }),
      startMemory(grounds.layMemory('direct')),
      startMemory(grounds.layMemory('governed')),
      startStdioServer({
        program: require.resolve('@modelcontextprotocol/server-sequential-thinking/dist/index.js'),
      }),
    ]);
    const of = <T>(make: (id: ServerId) => T): OfEach<T> =>
      Object.fromEntries(serverIds.map((id) => [id, make(id)])) as unknown as OfEach<T>;
    const directly = of((id) => ({ everything, files, memory, thinking })[id].url);
    const behind = { ...directly, memory: ownMemory.url };
    const taps = of((id) => new Tap(behind[id]));
    const upstreams: Record<string, string> = {};
    const catalogs: Record<string, string> = {};
    for (const id of serverIds) {
      upstreams[id] = await taps[id].start();
      catalogs[id] = await approvedCatalog(directly[id], id);
    }
    const policies = policiesFor(grounds.root);
    const stack = await Stack.start({ policies, catalogs, upstreams, limits: { drainTimeoutMs: 500 } });
    const servers = [everything, files, memory, ownMemory, thinking];
    return new Governed({ grounds, servers, taps, urls: { directly, behind }, stack });
  }

  /** What a client asks that goes this way. */
  endpoint(id: ServerId, way: Way): Pick<Endpoint, 'url' | 'headers'> {
    const { stack, urls } = this.#parts;
    if (way !== 'through') return { url: urls[way][id] };
    return { url: stack.url(id), headers: { authorization: `Bearer ${defaultToken}` } };
  }

  async connect(id: ServerId, way: Way): Promise<Client> {
    const { url, headers = {} } = this.endpoint(id, way);
    const client = new Client({ name: 'agent', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    const { stack, taps, servers, grounds } = this.#parts;
    await Promise.all(this.#clients.map((client) => client.close()));
    await stack.stop();
    await Promise.all(Object.values(taps).map((tap) => tap.stop()));
    await Promise.all(servers.map((server) => server.close()));
    await grounds.clear();
  }
}

function startMemory(file: string): Promise<Endpoint> {
  return startStdioServer({
    program: require.resolve('@modelcontextprotocol/server-memory/dist/index.js'),
    env: { MEMORY_FILE_PATH: file },
  });
}
