// An MCP server that costs as little as one can: what it is told as `note` it answers. Beside that it knows what a
// client asks before its first call.
import { countedTool, protocolVersion, tool } from '../workload/tool.ts';

interface Incoming {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly arguments?: { readonly note?: string } };
}

/** The text of a response, or undefined for what gets none. Throws SyntaxError for what is no JSON. */
export function answerMessage(text: string): string | undefined {
  const { id, method, params } = JSON.parse(text) as Incoming;
  if (id === undefined) return undefined;
  if (method === 'tools/call') {
    const content = `[{"type":"text","text":${JSON.stringify(params?.arguments?.note ?? '')}}]`;
    return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":${content}}}`;
  }
  const result = results[method];
  return JSON.stringify(
    result === undefined
      ? { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } }
      : { jsonrpc: '2.0', id, result },
  );
}

const results: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'echo', version: '1.0.0' },
  },
  'tools/list': { tools: [tool, countedTool] },
  ping: {},
};

export function opensSession(text: string): boolean {
  return text.includes('"method":"initialize"');
}
