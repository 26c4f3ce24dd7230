// What policies can read of calls, as Cedar schemas, with what they cannot read beside it. Names of arguments are the
// server's: in a comment, too, they stand on one line.
import { methodSchemaText, quoteText } from '@cardea/schemas/cedar';
import {
  inputType,
  qualifyName,
  toolActionText,
  type Catalog,
  type InputNote,
  type ToolDefinition,
} from '@cardea/schemas/mcp';
import { escapeLine } from '../report/printable.ts';

/** One valid schema with every tool and every method: for editors, and for `policy check --schema`. */
export function renderSchema(catalogs: readonly Catalog[], counters: readonly string[]): string {
  const servers = catalogs.map(({ server }) => `action ${quoteText(server.id)};\n`);
  const tools = catalogs.flatMap((catalog) => catalog.tools.map((tool) => renderToolTypes(catalog, tool)));
  return [methodSchemaText({ counters }), ...servers, ...tools].join('\n');
}

/** The action of one tool. */
export function renderToolTypes({ server }: Catalog, tool: ToolDefinition): string {
  const head = `// ${escapeLine(qualifyName(server.id, tool.name))}: ${tool.effect}, ${tool.review}\n`;
  const { notes } = inputType(tool.inputSchema);
  const hidden = notes.map((note) => `//   ${showNote(note)}\n`);
  const comment = hidden.length === 0 ? '' : `// Policies cannot read:\n${hidden.join('')}`;
  return head + comment + toolActionText(server.id, tool);
}

/** `metadata/tags is an object without declared properties`. */
export function showNote({ pointer, message }: InputNote): string {
  return `${pointer === '' ? 'input' : escapeLine(pointer.slice(1))} ${message}`;
}
