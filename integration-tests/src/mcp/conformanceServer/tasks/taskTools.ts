// Tools that become tasks where the client has declared tasks. For everybody else they answer at once, or not at all.
import { setTimeout as delay } from 'node:timers/promises';
import {
  acceptedContent,
  inputRequired,
  type CallToolResult,
  type InputRequests,
  type InputRequiredResult,
  type InputResponses,
  type JsonSchemaType,
} from '@modelcontextprotocol/server';
import { textResult, type Arguments, type ToolFixture } from '../fixtures/toolFixture.ts';
import type { Work } from './task.ts';

export interface TaskTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema?: JsonSchemaType;
  /** Nobody without tasks can call it. */
  readonly needsTask?: true;
  /** What it asks before it becomes a task. */
  readonly asksFirst?: (answers: InputResponses | undefined) => InputRequiredResult | undefined;
  readonly run: (args: Arguments, work: Work, answers?: InputResponses) => Promise<CallToolResult>;
}

const failureMs = 200;

export const taskTools: readonly TaskTool[] = [
  {
    name: 'slow_compute',
    description: 'Takes as many seconds as it is told.',
    inputSchema: { type: 'object', properties: { seconds: { type: 'number' }, label: { type: 'string' } } },
    run: async ({ seconds, label }, { signal }) => {
      await delay(Number(seconds) * 1_000, undefined, { signal, ref: false });
      return textResult(`Computed ${String(label)}.`);
    },
  },
  {
    name: 'failing_job',
    description: 'Fails after a while, as tools fail.',
    needsTask: true,
    run: async (_args, { signal }) => {
      await delay(failureMs, undefined, { signal, ref: false });
      return { ...textResult('The job failed.'), isError: true };
    },
  },
  {
    name: 'protocol_error_job',
    description: 'Fails as servers fail.',
    run: () => Promise.reject(new Error('the server could not do the job')),
  },
  {
    name: 'confirm_delete',
    description: 'Asks before it deletes.',
    inputSchema: { type: 'object', properties: { filename: { type: 'string' } } },
    run: async ({ filename }, { ask }) => {
      await ask({ confirm: question(`Delete ${String(filename)}?`, 'confirm', 'boolean') });
      return textResult(`Deleted ${String(filename)}.`);
    },
  },
  {
    name: 'multi_input',
    description: 'Asks two questions at once.',
    run: async (_args, { ask }) => {
      await ask({
        first: question('Who?', 'name', 'string'),
        second: question('Sure?', 'confirm', 'boolean'),
      });
      return textResult('Both are answered.');
    },
  },
  {
    name: 'test_tool_with_task',
    description: 'Asks for a name, and then becomes a task.',
    needsTask: true,
    asksFirst: (answers) => {
      if (readName(answers) !== undefined) return undefined;
      return inputRequired({
        inputRequests: { user_name: question('What is your name?', 'name', 'string') },
      });
    },
    run: (_args, _work, answers) => Promise.resolve(textResult(`Hello, ${readName(answers) ?? 'nobody'}!`)),
  },
];

/** As a tool among others, for clients without tasks. */
export function withoutTask({ name, description, inputSchema, run }: TaskTool): ToolFixture {
  const { signal } = new AbortController();
  const ask = (): never => {
    throw new Error('it needs tasks');
  };
  return {
    name,
    description,
    ...(inputSchema === undefined ? {} : { inputSchema }),
    run: (args) => run(args, { signal, ask }),
  };
}

function question(message: string, field: string, type: 'string' | 'boolean'): InputRequests[string] {
  const schema = type === 'string' ? { type } : { type };
  return inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [field]: schema }, required: [field] },
  });
}

function readName(answers: InputResponses | undefined): string | undefined {
  return acceptedContent<{ name: string }>(answers, 'user_name')?.name;
}
