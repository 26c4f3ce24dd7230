// The sample server in front of its shop: a real MCP server, made with the SDK, that lists the definitions of the
// quickstart's catalog and does what they say.
import { readFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type CallToolResult,
  type ListToolsResult,
} from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '@cardea/schemas/json';
import { wireDefinition } from '@cardea/schemas/mcp';
import { ShopFault, type Shop } from './shop.ts';

const catalogFile = new URL('../../../../examples/quickstart/catalog/desk.json', import.meta.url);

interface DeskCatalog {
  readonly instructions: string;
  readonly tools: readonly JsonObject[];
}

export interface DeskOptions {
  readonly shop: Shop;
  /** Tools on one page of the list; all if not given. */
  readonly pageTools?: number;
  /** Told of each tool that runs. */
  readonly onCall?: (tool: string) => void;
}

export function makeDesk({ shop, pageTools = Infinity, onCall }: DeskOptions): McpServer {
  const { instructions, tools } = JSON.parse(readFileSync(catalogFile, 'utf8')) as DeskCatalog;
  const info = { name: 'desk', version: '1.4.0' };
  const desk = new McpServer(info, { capabilities: { tools: { listChanged: true } }, instructions });
  const definitions = tools.map(wireDefinition).reverse();
  // The catalog's definitions are JSON Schema already, which the SDK's own registry does not take.
  desk.server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const from = Number(params?.cursor ?? 0);
    const to = from + pageTools;
    const page = { tools: definitions.slice(from, to) } as unknown as ListToolsResult;
    return to < definitions.length ? { ...page, nextCursor: String(to) } : page;
  });
  desk.server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    onCall?.(params.name);
    return call(shop, params.name, params.arguments ?? {});
  });
  return desk;
}

function call(shop: Shop, tool: string, args: Readonly<Record<string, unknown>>): CallToolResult {
  try {
    return { content: [{ type: 'text', text: shop.run(tool, args) }] };
  } catch (fault) {
    if (!(fault instanceof ShopFault)) throw fault;
    return { content: [{ type: 'text', text: fault.message }], isError: true };
  }
}
