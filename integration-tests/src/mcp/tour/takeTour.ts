// Everything that a client on SDK 1 can do with the session server, in order, as a transcript: plain JSON that is the same
// for every tour, so that one through a proxy can be compared with a direct one.
import { setTimeout as delay } from 'node:timers/promises';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { callStops } from './callStops.ts';
import { listStops } from './listStops.ts';
import { questionStops } from './questionStops.ts';
import { streamStops } from './streamStops.ts';
import { Traveller } from './traveller.ts';

/** What came of each stop, by its name. */
export type Transcript = Readonly<Record<string, unknown>>;

export type Stops = Readonly<Record<string, (traveller: Traveller) => Promise<unknown>>>;

/** A stop that takes longer is left. */
const stopMsMax = 4_000;
const connectMsMax = 30_000;

export function takeTour(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Transcript> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  return travel(new Traveller(transport), { leave: () => leave(transport, url, headers) });
}

/** The same to a server that the client starts: a program and its arguments. */
export function takeStdioTour([command = '', ...args]: readonly string[]): Promise<Transcript> {
  return travel(new Traveller(new StdioClientTransport({ command, args, stderr: 'ignore' })), {});
}

async function travel(traveller: Traveller, last: Stops): Promise<Transcript> {
  const transcript: Record<string, unknown> = {};
  // A server that is only being started may take its time.
  transcript['connect'] = await visit(connect, traveller, connectMsMax);
  const stops = { ...listStops, ...callStops, ...questionStops, ...streamStops, ...last };
  for (const [name, stop] of Object.entries<Stops[string]>(stops)) {
    transcript[name] = await visit(stop, traveller);
  }
  await traveller.client.close();
  // Whatever is undefined is not there, as in JSON.
  return JSON.parse(JSON.stringify(transcript)) as Transcript;
}

async function visit(stop: Stops[string], traveller: Traveller, msMax = stopMsMax): Promise<unknown> {
  const controller = new AbortController();
  const late = delay(msMax, { late: true }, { signal: controller.signal }).catch(() => undefined);
  try {
    return await Promise.race([stop(traveller), late]);
  } catch (error) {
    return describe(error);
  } finally {
    controller.abort();
  }
}

function describe(error: unknown): unknown {
  if (error instanceof McpError) return { code: error.code, message: error.message, data: error.data };
  return { message: error instanceof Error ? error.message : String(error) };
}

async function connect(traveller: Traveller): Promise<unknown> {
  await traveller.connect();
  const { client, transport } = traveller;
  return {
    info: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
    protocol: 'protocolVersion' in transport ? transport.protocolVersion : undefined,
    hasSession: transport.sessionId !== undefined,
    ping: await client.ping(),
  };
}

/** The session ends, and nobody can go on with it. */
async function leave(
  transport: StreamableHTTPClientTransport,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  const { sessionId = '', protocolVersion = '' } = transport;
  await transport.terminateSession();
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...headers,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-session-id': sessionId,
      'mcp-protocol-version': protocolVersion,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  });
  await response.body?.cancel();
  return { ended: transport.sessionId === undefined, afterwards: response.status };
}
