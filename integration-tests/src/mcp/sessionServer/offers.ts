// What the session server offers besides its tools: prompts, resources in pages, a template, and completions for both.
import {
  ErrorCode,
  McpError,
  type CompleteRequest,
  type GetPromptResult,
  type Prompt,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplate,
} from '@modelcontextprotocol/sdk/types.js';

export const prompts: readonly Prompt[] = [
  { name: 'plain', description: 'Takes nothing.' },
  {
    name: 'greeting',
    title: 'A greeting',
    description: 'Greets somebody.',
    arguments: [{ name: 'who', description: 'Whom to greet.', required: true }, { name: 'tone' }],
  },
];

const notes = 25;

export const resources: readonly Resource[] = [
  { uri: 'notes://picture', name: 'picture', mimeType: 'image/png' },
  ...Array.from({ length: notes }, (_, at) => ({
    uri: `notes://${at + 1}`,
    name: `note ${at + 1}`,
    description: 'A note.',
    mimeType: 'text/plain',
    annotations: { audience: ['user' as const], priority: 0.5 },
  })),
];

export const templates: readonly ResourceTemplate[] = [
  {
    uriTemplate: 'notes://on/{topic}',
    name: 'by topic',
    description: 'Notes on a topic.',
    mimeType: 'text/plain',
  },
];

export function getPrompt(name: string, args: Readonly<Record<string, string>>): GetPromptResult {
  const who = args['who'] ?? 'you';
  if (name === 'plain') return said('A plain prompt.');
  if (name === 'greeting') return said(args['tone'] === 'formal' ? `Good day, ${who}.` : `Hello ${who}!`);
  throw new McpError(ErrorCode.InvalidParams, `there is no prompt ${name}`);
}

export function readResource(uri: string): ReadResourceResult {
  if (uri === 'notes://picture') return { contents: [{ uri, mimeType: 'image/png', blob: 'iVBORw0KGgo=' }] };
  const [, topic] = /^notes:\/\/on\/(\w+)$/.exec(uri) ?? [];
  if (topic !== undefined) return { contents: [{ uri, mimeType: 'text/plain', text: `Notes on ${topic}.` }] };
  if (!resources.some((resource) => resource.uri === uri)) {
    throw new McpError(-32_002, 'there is no such resource', { uri });
  }
  return { contents: [{ uri, mimeType: 'text/plain', text: `The text of ${uri}: “ä€𝄞”.` }] };
}

const completions: Readonly<Record<string, readonly string[]>> = {
  tone: ['formal', 'friendly', 'frosty'],
  topic: ['tea', 'tents', 'trees'],
};

export function complete({ argument }: CompleteRequest['params']): string[] {
  return (completions[argument.name] ?? []).filter((value) => value.startsWith(argument.value));
}

function said(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
