// One operation in the words of OpenTelemetry's conventions for MCP (semantic conventions, GenAI, development).
import { methodActions, toolCallAction } from '@cardea/schemas/cedar';
import type { ProxyEvent } from './proxyEvent.ts';

export type Operation = Extract<ProxyEvent, { kind: 'operation' }>;

interface Description {
  /** `{mcp.method.name} {gen_ai.tool.name}`; never a URI. */
  readonly name: string;
  /** Of few values each: they are labels of metrics. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What clients make up names neither a metric nor a span. */
const otherMethod = '_OTHER';

export function describeOperation({ method, tool, error }: Operation): Description {
  const known = isKnown(method) ? method : otherMethod;
  const attributes: Record<string, string> = { 'mcp.method.name': known };
  if (tool !== undefined) {
    attributes['gen_ai.tool.name'] = tool;
    attributes['gen_ai.operation.name'] = 'execute_tool';
  }
  if (error !== undefined) attributes['error.type'] = error;
  return { name: tool === undefined ? known : `${known} ${tool}`, attributes };
}

function isKnown(method: string): boolean {
  return method === toolCallAction || Object.hasOwn(methodActions, method);
}
