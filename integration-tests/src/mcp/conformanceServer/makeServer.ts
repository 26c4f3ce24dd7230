// The server of the conformance suite: everything that any of its scenarios asks for, under the names that they use. One is
// made for each session of the old era and for each request of the new one.
import { McpServer, type ServerNotifier } from '@modelcontextprotocol/server';
import { askingTools } from './fixtures/askingTools.ts';
import { changeTools } from './fixtures/changeTools.ts';
import { contentTools } from './fixtures/contentTools.ts';
import { inputRequiredTools } from './fixtures/inputRequiredTools.ts';
import { addPrompts } from './fixtures/prompts.ts';
import { requestState } from './fixtures/requestState.ts';
import { addResources } from './fixtures/resources.ts';
import { schemaTools } from './fixtures/schemaTools.ts';
import { streamTools } from './fixtures/streamTools.ts';
import { addTool } from './fixtures/toolFixture.ts';
import { tasksExtension } from './tasks/tasks.ts';
import { taskTools, withoutTask } from './tasks/taskTools.ts';

/** The notifier reaches the subscribers of the new era. */
export function makeServer(notifier: ServerNotifier): McpServer {
  const server = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    {
      instructions: 'Offers what the conformance suite of MCP asks for.',
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
        extensions: { [tasksExtension]: {} },
      },
      requestState: { verify: (state, context) => requestState.verify(state, context) },
    },
  );
  const tools = [
    contentTools,
    streamTools,
    schemaTools,
    askingTools,
    inputRequiredTools,
    changeTools(notifier),
    taskTools.map(withoutTask),
  ];
  for (const tool of tools.flat()) addTool(server, tool);
  addResources(server);
  addPrompts(server);
  server.server.setRequestHandler('completion/complete', ({ params }) => ({
    completion: { values: [`${params.argument.value}-completed`], total: 1, hasMore: false },
  }));
  return server;
}
