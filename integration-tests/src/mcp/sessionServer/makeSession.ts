// One session of the server on SDK 1: its handlers over what it offers, written out, so that lists come in pages.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { complete, getPrompt, prompts, readResource, resources, templates } from './offers.ts';
import type { Session } from './session.ts';
import { passing, tools, type SessionTool } from './tools.ts';

const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  logging: {},
  completions: {},
};

export function makeSession(): McpServer {
  const info = { name: 'sessions', title: 'A server with sessions', version: '1.0.0' };
  const server = new McpServer(info, { capabilities, instructions: 'Offers some of everything.' });
  const session: Session = { server, subscriptions: new Set(), cancellations: 0, isReduced: false };
  addTools(session);
  addPrompts(session);
  addResources(session);
  return server;
}

function addTools(session: Session): void {
  const { server } = session.server;
  const offered = (): SessionTool[] => (session.isReduced ? [...tools] : [...tools, passing]);
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const { items, ...rest } = pageOf(offered(), params?.cursor);
    return { tools: items.map(({ definition }) => definition), ...rest };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => {
    const tool = offered().find(({ definition }) => definition.name === params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `there is no tool ${params.name}`);
    return tool.run({ args: params.arguments ?? {}, extra, session });
  });
}

function addPrompts({ server: { server } }: Session): void {
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [...prompts] }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
    getPrompt(params.name, params.arguments ?? {}),
  );
  server.setRequestHandler(CompleteRequestSchema, ({ params }) => {
    const values = complete(params);
    return { completion: { values, total: values.length, hasMore: false } };
  });
}

function addResources({ server: { server }, subscriptions }: Session): void {
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) => {
    const { items, ...rest } = pageOf(resources, params?.cursor);
    return { resources: items, ...rest };
  });
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [...templates] }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => readResource(params.uri));
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscriptions.add(params.uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscriptions.delete(params.uri);
    return {};
  });
}

const pageItems = 10;

function pageOf<T>(all: readonly T[], cursor = '0'): { items: T[]; nextCursor?: string } {
  const from = Number(cursor);
  const to = from + pageItems;
  const items = all.slice(from, to);
  return to < all.length ? { items, nextCursor: String(to) } : { items };
}
