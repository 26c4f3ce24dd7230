// Asks an MCP server for everything that it offers. What comes back is the server's word, kept as it was sent; how
// much of it there may be, and how long it may take, is decided here.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { isJsonObject, quoteExcerpt, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { Failure } from '../frame/failure.ts';
import type { StrictTransport } from './strictTransport.ts';

/** Answers to one kind of list. */
export const pagesMax = 1_000;

/** Definitions of one kind: as many as a catalog may have. */
export const definitionsMax = 10_000;

export interface PulledServer {
  readonly name: string;
  readonly version: string;
  /** The revision of MCP that was agreed on. */
  readonly protocol: string;
  readonly instructions?: string;
  readonly capabilities: JsonObject;
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
}

export interface PullOptions {
  /** Ends the pull: the deadline, or the user. Its reason is what is thrown then. */
  readonly signal: AbortSignal;
}

/** Throws Failure. The transport is closed, and what it started has ended, in any case. */
export async function pullServer(transport: StrictTransport, options: PullOptions): Promise<PulledServer> {
  try {
    return await ask(transport, options);
  } catch (error) {
    options.signal.throwIfAborted();
    throw transport.fault ?? describe(error);
  } finally {
    await transport.close();
  }
}

async function ask(transport: StrictTransport, { signal }: PullOptions): Promise<PulledServer> {
  const client = new Client(clientInfo, { capabilities: {} });
  const requests = { signal, timeout: requestMsMax };
  await client.connect(transport, requests);
  const { protocolVersion, capabilities, serverInfo, instructions } = transport.firstResult ?? {};
  const offered = isJsonObject(capabilities) ? capabilities : {};
  const info = isJsonObject(serverInfo) ? serverInfo : {};
  const list = (family: string, method: string, field: string): Promise<JsonObject[]> =>
    Object.hasOwn(offered, family) ? listAll(client, { method, field, requests }) : Promise.resolve([]);
  return {
    name: textOf(info['name']),
    version: textOf(info['version']),
    protocol: textOf(protocolVersion),
    ...(typeof instructions === 'string' ? { instructions } : {}),
    capabilities: offered,
    tools: await list('tools', 'tools/list', 'tools'),
    prompts: await list('prompts', 'prompts/list', 'prompts'),
    resources: await list('resources', 'resources/list', 'resources'),
    resourceTemplates: await list('resources', 'resources/templates/list', 'resourceTemplates'),
  };
}

const clientInfo = { name: 'cardea', version: '1' };

/** The signal is the deadline; the SDK wants one of its own. */
const requestMsMax = 2 ** 31 - 1;

interface Listing {
  readonly method: string;
  readonly field: string;
  readonly requests: { readonly signal: AbortSignal; readonly timeout: number };
}

async function listAll(client: Client, { method, field, requests }: Listing): Promise<JsonObject[]> {
  const definitions: JsonObject[] = [];
  const cursors = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const params = cursor === undefined ? {} : { cursor };
    const page = await askPage(client, { method, params }, requests);
    if (page === undefined) return definitions;
    definitions.push(...readDefinitions(page[field], `${method}: ${field}`));
    if (definitions.length > definitionsMax) {
      throw new Failure(`${method} gives more than ${definitionsMax} definitions`);
    }
    const next = page['nextCursor'];
    if (typeof next !== 'string') return definitions;
    if (cursors.has(next)) throw new Failure(`${method} gives the same cursor twice, so it would never end`);
    if (cursors.size + 1 >= pagesMax) throw new Failure(`${method} has more than ${pagesMax} pages`);
    cursors.add(next);
    cursor = next;
  }
}

const methodNotFound = -32601;

/** Undefined where the server does not know the method, whatever it has declared: then it has nothing to list. */
async function askPage(
  client: Client,
  request: { readonly method: string; readonly params: Record<string, string> },
  requests: Listing['requests'],
): Promise<JsonObject | undefined> {
  try {
    return (await client.request(request, ResultSchema, requests)) as unknown as JsonObject;
  } catch (error) {
    if (error instanceof McpError && error.code === methodNotFound) return undefined;
    throw error;
  }
}

function readDefinitions(value: JsonValue | undefined, place: string): readonly JsonObject[] {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : undefined;
  if (list?.every(isJsonObject) === true) return list;
  throw new Failure(`${place} is no list of objects`);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function describe(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof McpError) {
    return new Failure(`the server answers with the error ${error.code}: ${quoteExcerpt(error.message)}`);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(`the server broke the protocol: ${quoteExcerpt(message)}`);
}
