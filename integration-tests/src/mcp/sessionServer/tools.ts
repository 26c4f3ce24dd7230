// Tools for all that a call can lead to: content and structured content, failures, progress, logs, cancellation, requests to
// the client, changes of lists and resources, and streams that break.
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListRootsResultSchema,
  type CallToolResult,
  type LoggingMessageNotification,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { Extra, Session } from './session.ts';

export interface SessionTool {
  readonly definition: Tool;
  readonly run: (call: Call) => CallToolResult | Promise<CallToolResult>;
}

interface Call {
  readonly args: Readonly<Record<string, unknown>>;
  readonly extra: Extra;
  readonly session: Session;
}

const nothing = { type: 'object', properties: {} } as const;

/** A stream that was broken stays so for so long. */
const absenceMs = 50;

export const tools: readonly SessionTool[] = [
  {
    definition: {
      name: 'add',
      description: 'Adds two numbers.',
      inputSchema: numbers('left', 'right'),
      outputSchema: numbers('sum'),
      annotations: { readOnlyHint: true },
    },
    run: ({ args: { left, right } }) => {
      const sum = Number(left) + Number(right);
      return { ...text(String(sum)), structuredContent: { sum } };
    },
  },
  {
    definition: {
      name: 'echo',
      title: 'Echo',
      description: 'Repeats a text.',
      inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    },
    run: ({ args }) => text(String(args['text'])),
  },
  {
    definition: { name: 'fail', description: 'Fails.', inputSchema: nothing },
    run: () => ({ ...text('It failed.'), isError: true }),
  },
  {
    definition: { name: 'count', description: 'Counts and reports.', inputSchema: numbers('steps') },
    run: async ({ args, extra }) => {
      const total = Number(args['steps']);
      for (let step = 1; step <= total; step += 1) await report(extra, step, total);
      return text(`Counted to ${total}.`);
    },
  },
  {
    definition: { name: 'log', description: 'Logs at three levels.', inputSchema: nothing },
    run: async ({ extra, session }) => {
      for (const level of ['debug', 'warning', 'error'] as const) {
        const message: LoggingMessageNotification['params'] = {
          level,
          logger: 'tool',
          data: { said: level },
        };
        await session.server.sendLoggingMessage(message, extra.sessionId);
      }
      return text('Logged.');
    },
  },
  {
    definition: { name: 'wait', description: 'Runs until it is cancelled.', inputSchema: nothing },
    run: async ({ extra, session }) => {
      await report(extra, 1, 2);
      await cancelled(extra);
      session.cancellations += 1;
      return text('Cancelled.');
    },
  },
  {
    definition: { name: 'cancellations', description: 'Counts what was cancelled.', inputSchema: nothing },
    run: ({ session }) => text(String(session.cancellations)),
  },
  {
    definition: { name: 'ask-model', description: 'Asks the model of the client.', inputSchema: nothing },
    run: async ({ extra }) => {
      const content = { type: 'text', text: 'Which day is it?' } as const;
      const params = { messages: [{ role: 'user' as const, content }], maxTokens: 10, temperature: 0.5 };
      const request = { method: 'sampling/createMessage', params } as const;
      return text(JSON.stringify(await extra.sendRequest(request, CreateMessageResultSchema)));
    },
  },
  {
    definition: { name: 'ask-user', description: 'Asks the user.', inputSchema: nothing },
    run: async ({ extra }) => {
      const requestedSchema = {
        type: 'object' as const,
        properties: { colour: { type: 'string' as const } },
      };
      const params = { message: 'Which colour?', requestedSchema };
      const request = { method: 'elicitation/create', params } as const;
      return text(JSON.stringify(await extra.sendRequest(request, ElicitResultSchema)));
    },
  },
  {
    definition: {
      name: 'list-roots',
      description: 'Asks for the roots of the client.',
      inputSchema: nothing,
    },
    run: async ({ extra }) => {
      return text(JSON.stringify(await extra.sendRequest({ method: 'roots/list' }, ListRootsResultSchema)));
    },
  },
  {
    definition: {
      name: 'reduce',
      description: 'Makes the server offer one tool less.',
      inputSchema: nothing,
    },
    run: ({ session }) => {
      session.isReduced = true;
      session.server.sendToolListChanged();
      return text('Reduced.');
    },
  },
  {
    definition: {
      name: 'touch',
      description: 'Changes a resource.',
      inputSchema: { type: 'object', properties: { uri: { type: 'string' } }, required: ['uri'] },
    },
    run: async ({ args, session }) => {
      const uri = String(args['uri']);
      if (session.subscriptions.has(uri)) await session.server.server.sendResourceUpdated({ uri });
      return text('Touched.');
    },
  },
  {
    definition: {
      name: 'break-stream',
      description: 'Ends its stream before it answers.',
      inputSchema: nothing,
    },
    run: async ({ extra }) => {
      extra.closeSSEStream?.();
      await delay(absenceMs);
      return text('Answered after the stream had ended.');
    },
  },
  {
    definition: {
      name: 'break-listening',
      description: 'Ends the stream that clients listen on.',
      inputSchema: nothing,
    },
    run: ({ extra }) => {
      extra.closeStandaloneSSEStream?.();
      return text('Nobody listens now.');
    },
  },
];

/** Offered until the list changes: what a catalog never held could not be called through a proxy. */
export const passing: SessionTool = {
  definition: { name: 'passing', description: 'Goes when the list is reduced.', inputSchema: nothing },
  run: () => text('Still here.'),
};

function numbers(...names: readonly string[]): Tool['inputSchema'] {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'number' }]));
  return { type: 'object', properties, required: [...names] };
}

function text(content: string): CallToolResult {
  return { content: [{ type: 'text', text: content }] };
}

async function report({ _meta, sendNotification }: Extra, progress: number, total: number): Promise<void> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return;
  const params = { progressToken, progress, total, message: `${progress} of ${total}` };
  await sendNotification({ method: 'notifications/progress', params });
}

async function cancelled({ signal }: Extra): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  signal.addEventListener('abort', () => {
    resolve(undefined);
  });
  if (!signal.aborted) await promise;
}
