// The tasks extension in front of a server that does not have it: takes the requests that concern tasks, and leaves every
// other to the server.
import type { IncomingHttpHeaders } from 'node:http';
import {
  CLIENT_CAPABILITIES_META_KEY,
  isJSONRPCRequest,
  type InputResponses,
  type JSONRPCRequest,
} from '@modelcontextprotocol/server';
import type { Reply } from '../reply.ts';
import { Task, type Answers } from './task.ts';
import { taskTools, type TaskTool } from './taskTools.ts';

export const tasksExtension = 'io.modelcontextprotocol/tasks';

type Params = Readonly<Record<string, unknown>>;

const headerMismatch = -32_020;
const missingCapability = -32_021;
const invalidParams = -32_602;

export class Tasks {
  readonly #tasks = new Map<string, Task>();

  /** Undefined for what is the server's. */
  answer(headers: IncomingHttpHeaders, body: unknown): Reply | undefined {
    if (!isJSONRPCRequest(body)) return undefined;
    const params: Params = body.params ?? {};
    const tool =
      body.method === 'tools/call' ? taskTools.find(({ name }) => name === params['name']) : undefined;
    const isOfTasks = ['tasks/get', 'tasks/update', 'tasks/cancel'].includes(body.method);
    if (tool === undefined && !isOfTasks) return undefined;
    const name = String(tool?.name ?? params['taskId']);
    if (headers['mcp-method'] !== body.method || headers['mcp-name'] !== name) {
      return refuse(body, headerMismatch, 'the headers and the body do not agree');
    }
    if (!declaresTasks(params)) {
      if (tool !== undefined && tool.needsTask !== true) return undefined;
      const data = { requiredCapabilities: { extensions: { [tasksExtension]: {} } } };
      return refuse(body, missingCapability, 'the client has not declared tasks', data);
    }
    return tool === undefined ? this.#about(body, params) : this.#start(body, params, tool);
  }

  close(): void {
    for (const task of this.#tasks.values()) task.cancel();
  }

  #start(request: JSONRPCRequest, params: Params, tool: TaskTool): Reply {
    const answers = params['inputResponses'] as InputResponses | undefined;
    const question = tool.asksFirst?.(answers);
    if (question !== undefined) return accept(request, { ...question });
    const task = new Task((work) => tool.run((params['arguments'] ?? {}) as Params, work, answers));
    this.#tasks.set(task.id, task);
    return accept(request, { resultType: 'task', ...task.head });
  }

  #about(request: JSONRPCRequest, params: Params): Reply {
    const task = this.#tasks.get(String(params['taskId']));
    if (task === undefined) return refuse(request, invalidParams, 'the task is not known');
    if (request.method === 'tasks/get') return accept(request, { resultType: 'complete', ...task.detail });
    if (request.method === 'tasks/cancel') task.cancel();
    else task.answer((params['inputResponses'] ?? {}) as Answers);
    return accept(request, { resultType: 'complete' });
  }
}

function declaresTasks(params: Params): boolean {
  const meta = (params['_meta'] ?? {}) as Params;
  const { extensions = {} } = (meta[CLIENT_CAPABILITIES_META_KEY] ?? {}) as { readonly extensions?: object };
  return Object.hasOwn(extensions, tasksExtension);
}

function accept({ id }: JSONRPCRequest, result: Record<string, unknown>): Reply {
  return { status: 200, body: { jsonrpc: '2.0', id, result } };
}

function refuse({ id }: JSONRPCRequest, code: number, message: string, data?: unknown): Reply {
  const error = data === undefined ? { code, message } : { code, message, data };
  return { status: code === invalidParams ? 200 : 400, body: { jsonrpc: '2.0', id, error } };
}
