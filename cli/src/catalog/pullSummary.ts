// What a pull found, for the person who will review it. Every name in it is the server's: shown, never obeyed.
import { listUnchecked } from '@cardea/pep';
import { inputType, type Catalog } from '@cardea/schemas/mcp';
import { paint, type Terminal } from '../frame/terminal.ts';
import { escapeLine } from '../report/printable.ts';
import type { PulledServer } from '../mcp/pullServer.ts';
import type { PulledCatalog, PulledDefinition } from './makeCatalog.ts';
import { showNote } from './toolTypes.ts';

/** Lines of one list: what is left out here stands in the catalog. */
const linesMax = 40;

const nameCharactersMax = 80;

export function printPullSummary(
  terminal: Terminal,
  pulled: PulledServer,
  { catalog, ...found }: PulledCatalog,
): void {
  const { server, tools, prompts, resources, resourceTemplates } = catalog;
  const counts = [
    count(tools.length, 'tool'),
    count(prompts.length, 'prompt'),
    count(resources.length, 'resource'),
    count(resourceTemplates.length, 'template'),
  ];
  const program = show([pulled.name, pulled.version].filter(Boolean).join(' '));
  terminal.err(`${paint(terminal, 'bold', server.id)} (${program}, MCP ${show(pulled.protocol)})\n`);
  terminal.err(`  ${counts.join(', ')}\n`);
  const { owner, risk, environment } = server;
  terminal.err(`  owner ${show(owner)}, risk ${show(risk)}, environment ${show(environment)}\n`);
  const effectOf = new Map(tools.map(({ name, effect }) => [name, effect]));
  const showOne = ({ noun, name }: PulledDefinition): string => {
    const effect = noun === 'tool' ? effectOf.get(name) : undefined;
    return `${noun} ${show(name)}${effect === undefined ? '' : ` (${effect})`}`;
  };
  printList(terminal, 'new, to be reviewed', found.added.map(showOne));
  printList(terminal, 'changed, to be reviewed', found.changed.map(showOne));
  printList(terminal, 'withdrawn', found.withdrawn.map(showOne));
  const leftOut = found.leftOut.map((one) => `${showOne(one)}: ${show(one.why)}`);
  printList(terminal, 'left out, and so denied', leftOut);
  printList(terminal, 'what policies cannot read', listNotes(catalog));
  printList(terminal, 'what cannot be checked, and so denied', listDenied(catalog));
}

function listDenied({ tools }: Catalog): string[] {
  return tools.flatMap(({ name, inputSchema }) =>
    listUnchecked(inputSchema).map((place) => `${show(name)}: ${show(place)}`),
  );
}

function listNotes({ tools }: Catalog): string[] {
  return tools.flatMap(({ name, inputSchema }) =>
    inputType(inputSchema).notes.map((note) => `${show(name)}: ${showNote(note)}`),
  );
}

function printList(terminal: Terminal, heading: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  terminal.err(`${paint(terminal, 'blue', `${heading}:`)}\n`);
  for (const line of lines.slice(0, linesMax)) terminal.err(`  ${line}\n`);
  if (lines.length > linesMax) terminal.err(`  and ${lines.length - linesMax} more\n`);
}

/** On one line, and no longer than a name should be. */
function show(text: string): string {
  const cut = text.length > nameCharactersMax ? `${text.slice(0, nameCharactersMax)}...` : text;
  return escapeLine(cut);
}

function count(things: number, noun: string): string {
  return `${things} ${noun}${things === 1 ? '' : 's'}`;
}
