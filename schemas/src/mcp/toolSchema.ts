// The Cedar schema of one tool. A schema per tool, because the whole catalog as one costs a minute to validate
// against and milliseconds a decision.

import {
  appliesToText,
  coreSchemaText,
  effects,
  quoteText,
  showType,
  toolCallAction,
  usageSchemaText,
} from '../cedar/index.ts';
import type { ToolDefinition } from './catalog.ts';
import { qualifyName } from './catalog.ts';
import { inputType } from './inputType.ts';

export interface ToolSchemaOptions {
  /** The id of the tool's server. */
  readonly server: string;
  /** The usage counters of the bundle. */
  readonly counters: readonly string[];
  /** Other actions that the policies mention: declared, so that these validate, but applying to nothing. */
  readonly alsoActions?: readonly string[];
}

/** A whole schema in which the tool's action is the only one that applies to anything. The same bytes every time. */
export function toolSchemaText(tool: ToolDefinition, options: ToolSchemaOptions): string {
  const { server, counters, alsoActions = [] } = options;
  const name = qualifyName(server, tool.name);
  const declared = new Set([toolCallAction, ...effects, server, name]);
  const others = [...new Set(alsoActions)].filter((action) => !declared.has(action)).sort();
  return [
    coreSchemaText,
    usageSchemaText(counters),
    `action ${[server, ...others].map(quoteText).join(', ')};\n`,
    toolActionText(server, tool),
  ].join('\n');
}

/** The declaration of a tool's action: what its policies can read. */
export function toolActionText(server: string, tool: ToolDefinition): string {
  const name = qualifyName(server, tool.name);
  const groups = toolActionGroups(server, tool);
  const input = showType(inputType(tool.inputSchema).type, inputIndent);
  return `action ${quoteText(name)} in [${groups.map(quoteText).join(', ')}] ${appliesToText('Tool', input)};\n`;
}

// Where `input` stands in the text of appliesTo.
const inputIndent = '    ';

/** The action groups of a tool's action, all of them. */
export function toolActionGroups(server: string, tool: ToolDefinition): [string, string, string] {
  return [toolCallAction, server, tool.effect];
}
