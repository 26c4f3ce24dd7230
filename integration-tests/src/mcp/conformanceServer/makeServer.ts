// The server of the conformance suite: everything that any of its scenarios asks for, under the names that they use. One is
// made for each session of the old era and for each request of the new one.
import { McpServer } from '@modelcontextprotocol/server';
import { contentTools } from './fixtures/contentTools.ts';
import { addTool } from './fixtures/toolFixture.ts';

export function makeServer(): McpServer {
  const server = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    {
      instructions: 'Offers what the conformance suite of MCP asks for.',
      capabilities: { tools: { listChanged: true } },
    },
  );
  for (const tool of contentTools) addTool(server, tool);
  return server;
}
