// The conformance server on its standard streams, for both eras: the first message says which. Run as a program.
import type { JSONRPCMessage, McpServer, ServerNotifier, Transport } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { makeServer } from './makeServer.ts';
import { Tasks } from './tasks/tasks.ts';

/** Tasks are taken before the server sees them, as they are over HTTP. */
class TaskTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  readonly #inner = new StdioServerTransport();
  readonly #tasks = new Tasks();

  start(): Promise<void> {
    this.#inner.onclose = () => {
      this.#tasks.close();
      this.onclose?.();
    };
    this.#inner.onmessage = (message) => {
      const reply = this.#tasks.answer(headersOf(message), message);
      if (reply === undefined) this.onmessage?.(message);
      else void this.#inner.send(reply.body as unknown as JSONRPCMessage);
    };
    return this.#inner.start();
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.#inner.send(message);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

/** What a message says, headers say again over HTTP; here it says it alone. */
function headersOf(message: JSONRPCMessage): Record<string, string> {
  const { method = '', params = {} } = message as { method?: string; params?: Record<string, unknown> };
  return { 'mcp-method': method, 'mcp-name': String(params['name'] ?? params['taskId']) };
}

serveStdio(
  (): McpServer => {
    const notifier: ServerNotifier = {
      toolsChanged: () => {
        server.sendToolListChanged();
      },
      promptsChanged: () => {
        server.sendPromptListChanged();
      },
      resourcesChanged: () => {
        server.sendResourceListChanged();
      },
      resourceUpdated: (uri) => {
        void server.server.sendResourceUpdated({ uri });
      },
    };
    const server = makeServer(notifier);
    return server;
  },
  { transport: new TaskTransport() },
);
